package io.unpark.schemas.registry;

import org.apache.kafka.common.errors.SerializationException;

/** The registry is there and knows no schema with this id: the record can never be decoded here. */
public final class UnknownSchemaException extends SerializationException {
    private static final long serialVersionUID = 1L;

    public UnknownSchemaException(int id) {
        super("the registry has no schema with id " + id);
    }
}
