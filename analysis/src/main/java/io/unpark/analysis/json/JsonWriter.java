package io.unpark.analysis.json;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Writes one JSON object after the other onto one line. Text is escaped so that every output is valid UTF-8 and ASCII
 * tools, log shippers and browsers survive it: control characters, lone surrogates, U+2028 and U+2029.
 */
final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private final Appendable out;
    /** Whether the next field or item is the first of its object or list. */
    private boolean first = true;

    JsonWriter(Appendable out) {
        this.out = out;
    }

    void beginObject() throws IOException {
        out.append('{');
        first = true;
    }

    void endObject() throws IOException {
        out.append('}');
        first = false;
    }

    void beginList() throws IOException {
        out.append('[');
        first = true;
    }

    void endList() throws IOException {
        out.append(']');
        first = false;
    }

    /** Separates the items of a list. */
    void item() throws IOException {
        if (!first) {
            out.append(", ");
        }
        first = false;
    }

    void name(String name) throws IOException {
        item();
        text(name);
        out.append(": ");
    }

    void field(String name, String value) throws IOException {
        name(name);
        text(value);
    }

    /** Leaves the field out when the text is empty. */
    void fieldUnlessEmpty(String name, String value) throws IOException {
        if (!value.isEmpty()) {
            field(name, value);
        }
    }

    void field(String name, long value) throws IOException {
        name(name);
        out.append(Long.toString(value));
    }

    /** Facts of an {@code Evidence}: longs, booleans, texts, lists of texts. */
    void object(Map<String, Object> values) throws IOException {
        beginObject();
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            name(entry.getKey());
            value(entry.getValue());
        }
        endObject();
    }

    private void value(Object value) throws IOException {
        if (value instanceof List<?> items) {
            beginList();
            for (Object item : items) {
                item();
                text(item.toString());
            }
            endList();
        } else if (value instanceof Long || value instanceof Boolean) {
            out.append(value.toString());
        } else {
            text(value.toString());
        }
    }

    private void text(String text) throws IOException {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                out.append(c).append(text.charAt(++i));
            } else {
                character(c);
            }
        }
        out.append('"');
    }

    private void character(char c) throws IOException {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (mustEscape(c)) {
                    unicode(c);
                } else {
                    out.append(c);
                }
            }
        }
    }

    private static boolean mustEscape(char c) {
        return Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029';
    }

    private void unicode(char c) throws IOException {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt(c >> shift & 0xf));
        }
    }
}
