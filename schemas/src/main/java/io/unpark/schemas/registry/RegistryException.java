package io.unpark.schemas.registry;

import org.apache.kafka.common.KafkaException;

/**
 * The registry answered, and refused: not allowed, incompatible, not there. Says nothing about the record at hand, so it
 * must not be treated as a record that cannot be decoded.
 */
public final class RegistryException extends KafkaException {
    private static final long serialVersionUID = 1L;

    /** Confluent's error codes that this project uses. */
    public static final int SUBJECT_NOT_FOUND = 40401;

    /** No such version of a subject. */
    public static final int VERSION_NOT_FOUND = 40402;

    /** No such schema, by id or under a subject. */
    public static final int SCHEMA_NOT_FOUND = 40403;

    /** The schema cannot read what the subject's latest version wrote. */
    public static final int INCOMPATIBLE = 409;

    /** Not a schema. */
    public static final int INVALID_SCHEMA = 42201;

    private final int errorCode;

    /** @param errorCode Confluent's error code, or the HTTP status when there is none */
    public RegistryException(int errorCode, String message) {
        super(message);
        this.errorCode = errorCode;
    }

    /** Confluent's error code, or the HTTP status when there is none. */
    public int errorCode() {
        return errorCode;
    }
}
