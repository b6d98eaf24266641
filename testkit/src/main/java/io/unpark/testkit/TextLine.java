package io.unpark.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One line of trace text: a first word, then words or {@code name=value} pairs. {@code #} begins a comment. */
final class TextLine {
    private final String text;
    private final List<String> words = new ArrayList<>();

    TextLine(String text) {
        this.text = text;
        split();
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    String word(int i) {
        if (i >= words.size()) {
            throw wrong("too few words");
        }
        return words.get(i);
    }

    int wordCount() {
        return words.size();
    }

    /** The pairs from the i-th word on. */
    Map<String, String> pairs(int from) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String word : words.subList(from, words.size())) {
            int equals = word.indexOf('=');
            if (equals < 1 || pairs.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
                throw wrong("expected name=value, once, not " + word);
            }
        }
        return pairs;
    }

    IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(why + " in: " + text.strip());
    }

    /** Unsigned, or {@code none} for all bits set. */
    static long number(String value) {
        return value.equals("none") ? -1 : Long.parseUnsignedLong(value);
    }

    static boolean isQuoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    }

    /** The bytes of a quoted string with Go's escapes. */
    static byte[] unquote(String quoted) {
        if (!isQuoted(quoted)) {
            throw new IllegalArgumentException("expected a quoted string, not " + quoted);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String body = quoted.substring(1, quoted.length() - 1);
        for (int i = 0; i < body.length(); ) {
            if (body.charAt(i) != '\\') {
                int c = body.codePointAt(i);
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            } else {
                i = unescape(body, i + 1, out);
            }
        }
        return out.toByteArray();
    }

    private static int unescape(String body, int i, ByteArrayOutputStream out) {
        char kind = body.charAt(i);
        if (kind == 'x') {
            out.write(Integer.parseInt(body.substring(i + 1, i + 3), 16));
            return i + 3;
        }
        if (kind == 'u' || kind == 'U') {
            int end = i + (kind == 'u' ? 5 : 9);
            int c = Integer.parseInt(body.substring(i + 1, end), 16);
            out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            return end;
        }
        int at = "abfnrtv\\\"".indexOf(kind);
        if (at < 0) {
            throw new IllegalArgumentException("unknown escape \\" + kind);
        }
        out.write("\u0007\b\f\n\r\t\u000b\\\"".charAt(at));
        return i + 1;
    }

    private void split() {
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\' && i + 1 < text.length()) {
                word.append(c).append(text.charAt(++i));
            } else if (!quoted && (c == '#' || Character.isWhitespace(c))) {
                endWord(word);
                if (c == '#') {
                    return;
                }
            } else {
                quoted ^= c == '"';
                word.append(c);
            }
        }
        endWord(word);
    }

    private void endWord(StringBuilder word) {
        if (word.length() > 0) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
