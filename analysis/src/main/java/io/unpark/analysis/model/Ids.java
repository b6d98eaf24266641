package io.unpark.analysis.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ids are hashes of content: the same input gives the same ids, whatever the run. The first 16 bytes of SHA-256 over the
 * parts, each followed by a NUL, in lower-case hex.
 */
public final class Ids {
    private static final int LENGTH_BYTES = 16;

    private Ids() {}

    /**
     * The fingerprint. Never with other line numbers, absolute paths, versions, instance, time or cause: a deploy must not
     * rename an anomaly.
     *
     * @param route only for kinds whose identity holds the route, else ""
     */
    public static String anomaly(Kind kind, Instance instance, String site, String creationSite, String route) {
        return hash("anomaly", kind.id(), instance.namespace(), instance.service(), site, creationSite, route);
    }

    /** Id of a judgement: one per kind, subject and fingerprint. */
    public static String finding(Kind kind, String subject, String anomalyId) {
        return hash("finding", kind.id(), subject, anomalyId);
    }

    /** The subject of process kinds. */
    public static String subject(Instance instance) {
        return instance.namespace() + "/" + instance.service() + "/" + instance.name();
    }

    /** Hash of text parts, 32 hex digits. */
    public static String hash(String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, LENGTH_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
