package io.unpark.trace;

/** Go's {@code %q}: a string in quotes, with escapes for what cannot be printed and for bytes that are not UTF-8. */
final class GoQuote {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private GoQuote() {}

    static void append(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            appendRune(out, c);
            i += Character.charCount(c);
        }
        out.append('"');
    }

    static void append(StringBuilder out, byte[] bytes) {
        out.append('"');
        for (int i = 0; i < bytes.length; ) {
            int length = sequenceLength(bytes, i);
            if (length == 0) {
                out.append("\\x").append(HEX[(bytes[i] >> 4) & 0xf]).append(HEX[bytes[i] & 0xf]);
                i++;
            } else {
                appendRune(out, rune(bytes, i, length));
                i += length;
            }
        }
        out.append('"');
    }

    private static void appendRune(StringBuilder out, int c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case 0x07 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 0x0b -> out.append("\\v");
            default -> appendOther(out, c);
        }
    }

    private static void appendOther(StringBuilder out, int c) {
        if (isPrintable(c)) {
            out.appendCodePoint(c);
        } else if (c < ' ' || c == 0x7f) {
            out.append("\\x");
            appendHex(out, c, 2);
        } else if (c < 0x10000) {
            out.append("\\u");
            appendHex(out, c, 4);
        } else {
            out.append("\\U");
            appendHex(out, c, 8);
        }
    }

    /** Letters, marks, numbers, punctuation, symbols, and of the spaces the ASCII one. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    private static void appendHex(StringBuilder out, int value, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.append(HEX[(value >> shift) & 0xf]);
        }
    }

    /** Length of the UTF-8 sequence at i, 0 when there is none: cut, overlong, a surrogate, or beyond U+10FFFF. */
    private static int sequenceLength(byte[] b, int i) {
        int first = b[i] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || i + length > b.length) {
            return 0;
        }
        for (int k = 1; k < length; k++) {
            if ((b[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int c = rune(b, i, length);
        boolean overlong = length == 3 && c < 0x800 || length == 4 && c < 0x10000;
        return overlong || c > 0x10ffff || c >= 0xd800 && c <= 0xdfff ? 0 : length;
    }

    private static int rune(byte[] b, int i, int length) {
        if (length == 1) {
            return b[i];
        }
        int c = b[i] & (0xff >> (length + 1));
        for (int k = 1; k < length; k++) {
            c = c << 6 | b[i + k] & 0x3f;
        }
        return c;
    }
}
