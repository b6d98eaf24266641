package io.unpark.schemas.registry;

import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * A schema registry as the serdes need it. Safe for use by several threads. Every method may throw
 * {@link RegistryUnavailableException} (try again later) and {@link RegistryException} (the registry refused).
 */
public interface RegistryClient {
    /**
     * Registers a schema under a subject; again is the same as once.
     *
     * @return the schema's id, from 1
     */
    int register(String subject, Schema schema);

    /** The id of a schema that is registered under the subject, from 1. */
    int idOf(String subject, Schema schema);

    /**
     * The schema of an id.
     *
     * @throws SerializationException when the registry has no such id, or something else than Avro under it
     */
    Schema schemaOf(int id);

    /** The newest version of a subject. */
    RegisteredSchema latest(String subject);

    /** Whether a schema can read what the subject's newest version wrote; true for a subject without versions. */
    boolean isCompatible(String subject, Schema schema);
}
