package io.unpark.ingest.security;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a token: PBKDF2 with HMAC-SHA-256, salted. A token has 256 random bits, so the iterations need not make guessing
 * slow; they are in the text, and may be raised.
 */
record TokenHash(int iterations, byte[] salt, byte[] hash) {
    private static final String SCHEME = "pbkdf2-sha256";
    private static final int ITERATIONS = 10_000;
    private static final int MAX_ITERATIONS = 1_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    static TokenHash of(String token, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new TokenHash(ITERATIONS, salt, derive(token, salt, ITERATIONS));
    }

    /** @throws IllegalArgumentException when it is not what {@link #text} writes */
    static TokenHash parse(String text) {
        String[] parts = text.split(":");
        if (parts.length != 4 || !parts[0].equals(SCHEME)) {
            throw new IllegalArgumentException(
                    "a hash is " + SCHEME + ":ITERATIONS:SALT:HASH, as unpark token writes it");
        }
        int iterations = Integer.parseInt(parts[1]);
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        byte[] hash = Base64.getDecoder().decode(parts[3]);
        if (iterations < 1 || iterations > MAX_ITERATIONS || salt.length < SALT_BYTES || hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("a hash has 1 to " + MAX_ITERATIONS + " iterations, a salt of "
                    + SALT_BYTES + " bytes or more, and " + HASH_BYTES + " bytes");
        }
        return new TokenHash(iterations, salt, hash);
    }

    String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return SCHEME + ":" + iterations + ":" + base64.encodeToString(salt) + ":" + base64.encodeToString(hash);
    }

    boolean matches(String token) {
        return MessageDigest.isEqual(hash, derive(token, salt, iterations));
    }

    private static byte[] derive(String token, byte[] salt, int iterations) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(token.toCharArray(), salt, iterations, HASH_BYTES * Byte.SIZE))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2 with SHA-256", e);
        }
    }
}
