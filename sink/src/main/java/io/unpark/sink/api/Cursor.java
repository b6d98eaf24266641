package io.unpark.sink.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where the next page begins, as opaque text. */
final class Cursor {
    private static final String VERSION = "1:";

    private Cursor() {}

    static String encode(long seq) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((VERSION + seq).getBytes(StandardCharsets.US_ASCII));
    }

    static long decode(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            if (text.startsWith(VERSION)) {
                return Long.parseLong(text.substring(VERSION.length()));
            }
        } catch (IllegalArgumentException e) {
            // falls through: neither base64 nor a number
        }
        throw ProblemException.badParameter("cursor", "cursor must be the 'next' of an earlier page");
    }
}
