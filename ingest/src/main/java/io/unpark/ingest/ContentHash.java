package io.unpark.ingest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids made of content: the first 128 bits of SHA-256, as 32 hexadecimal digits. */
final class ContentHash {
    private static final int ID_BYTES = 16;

    private ContentHash() {}

    static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    static String of(String text) {
        MessageDigest digest = start();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return id(digest);
    }

    static String id(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
    }
}
