package io.unpark.schemas.registry;

import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Refuses schemas under which a few bytes can stand for endless work: an array whose items take no bytes may claim 2^63 of
 * them, and Avro would pass over each. All other collections end with the record's bytes.
 */
final class WriterLimits {
    private WriterLimits() {}

    /** @throws SerializationException when the schema has such an array anywhere */
    static void check(Schema schema) {
        check(schema, new HashSet<>());
    }

    private static void check(Schema schema, Set<String> seen) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> check(field.schema(), seen));
                }
            }
            case ARRAY -> {
                if (isEmpty(schema.getElementType(), new HashSet<>())) {
                    throw new SerializationException(
                            "the writer's schema has an array of items without bytes: " + schema);
                }
                check(schema.getElementType(), seen);
            }
            case MAP -> check(schema.getValueType(), seen);
            case UNION -> schema.getTypes().forEach(type -> check(type, seen));
            case ENUM, FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
        }
    }

    /** Whether its encoding may have no bytes at all; a record within itself adds none of its own. */
    private static boolean isEmpty(Schema schema, Set<String> open) {
        return switch (schema.getType()) {
            case NULL -> true;
            case FIXED -> schema.getFixedSize() == 0;
            case RECORD ->
                !open.add(schema.getFullName())
                        || schema.getFields().stream().allMatch(field -> isEmpty(field.schema(), open));
            case ARRAY, MAP, UNION, ENUM, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN -> false;
        };
    }
}
