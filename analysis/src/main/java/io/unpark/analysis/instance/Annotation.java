package io.unpark.analysis.instance;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The text of our annotations: {@code key=value} separated by spaces, values URL query escaped. Never throws. */
final class Annotation {
    /** The agent writes no longer ones. */
    private static final int MAX_LENGTH = 4_096;

    private static final int MAX_FIELDS = 64;

    private Annotation() {}

    static Map<String, String> parse(String message) {
        Map<String, String> fields = new HashMap<>();
        if (message.length() > MAX_LENGTH) {
            return fields;
        }
        for (String field : message.split(" ")) {
            int equals = field.indexOf('=');
            if (equals > 0 && fields.size() < MAX_FIELDS) {
                fields.put(field.substring(0, equals), unescape(field.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String unescape(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value; // not escaped by our rules: as it stands
        }
    }

    /** {@code text} when it is that many lower-case hex digits and not all zero, else {@code otherwise}. */
    static String hex(String text, int digits, String otherwise) {
        if (text == null || text.length() != digits) {
            return otherwise;
        }
        boolean zero = true;
        for (int i = 0; i < digits; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return otherwise;
            }
            zero &= c == '0';
        }
        return zero ? otherwise : text;
    }

    /** A positive decimal number, else 0. */
    static long time(String text) {
        if (text == null || text.isEmpty() || text.length() > 19) {
            return 0;
        }
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Milliseconds as nanoseconds; 0 when it is no time. */
    static long timeMs(String text) {
        long ms = time(text);
        return ms > Long.MAX_VALUE / 1_000_000 ? 0 : ms * 1_000_000;
    }
}
