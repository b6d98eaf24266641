package io.unpark.schemas.registry;

import org.apache.avro.Schema;

/**
 * One version of a subject.
 *
 * @param id of the schema, from 1; the same schema has the same id under every subject
 * @param version within the subject, from 1
 */
public record RegisteredSchema(String subject, int id, int version, Schema schema) {}
