/** Avro in the Confluent wire format, and the schema registry that it needs. */
package io.unpark.schemas.registry;
