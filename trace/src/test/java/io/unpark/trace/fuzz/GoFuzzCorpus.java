package io.unpark.trace.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads the files of Go's own fuzzer: {@code go test fuzz v1}, then {@code []byte("…")} in Go's syntax. */
final class GoFuzzCorpus {
    private static final String OPEN = "[]byte(\"";
    private static final String ESCAPED = "abfnrtv\\\"'";
    private static final String MEANT = "\u0007\b\f\n\r\t\u000b\\\"'";

    private GoFuzzCorpus() {}

    /** The bytes that a file's text stands for. */
    static byte[] parse(String text) {
        int open = text.indexOf(OPEN);
        int close = text.lastIndexOf('"');
        if (!text.startsWith("go test fuzz v1") || open < 0 || close < open + OPEN.length()) {
            throw new IllegalArgumentException("not a file of Go's fuzzer: " + text);
        }
        return unquote(text.substring(open + OPEN.length(), close));
    }

    private static byte[] unquote(String quoted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < quoted.length(); i++) {
            char c = quoted.charAt(i);
            if (c != '\\') {
                out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char escape = quoted.charAt(++i);
            if (escape == 'x') {
                out.write(Integer.parseInt(quoted.substring(i + 1, i + 3), 16));
                i += 2;
            } else if (escape == 'u') {
                String rune = String.valueOf((char) Integer.parseInt(quoted.substring(i + 1, i + 5), 16));
                out.writeBytes(rune.getBytes(StandardCharsets.UTF_8));
                i += 4;
            } else {
                out.write(MEANT.charAt(ESCAPED.indexOf(escape)));
            }
        }
        return out.toByteArray();
    }
}
