package io.unpark.schemas.connect;

import io.unpark.schemas.RecordModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema.Type;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Avro's schemas and values as Kafka Connect's. Records of a schema that refers to itself are not among ours. */
final class ConnectSchemas {
    private final boolean collectionsAsJson;
    private final Map<org.apache.avro.Schema, Schema> made = new ConcurrentHashMap<>();

    ConnectSchemas(boolean collectionsAsJson) {
        this.collectionsAsJson = collectionsAsJson;
    }

    /** The same object each time: sinks compare the schemas of records that follow each other. */
    Schema of(org.apache.avro.Schema record) {
        Schema known = made.get(record);
        if (known == null) {
            known = schema(record, false);
            made.put(record, known);
        }
        return known;
    }

    private Schema schema(org.apache.avro.Schema avro, boolean optional) {
        org.apache.avro.Schema present = withoutNull(avro);
        boolean maybeNull = optional || present != avro;
        SchemaBuilder builder = switch (present.getType()) {
            case RECORD -> struct(present);
            case ARRAY ->
                collectionsAsJson
                        ? SchemaBuilder.string()
                        : SchemaBuilder.array(schema(present.getElementType(), false));
            case MAP ->
                collectionsAsJson
                        ? SchemaBuilder.string()
                        : SchemaBuilder.map(Schema.STRING_SCHEMA, schema(present.getValueType(), false));
            case STRING, ENUM, UNION -> SchemaBuilder.string();
            case LONG -> SchemaBuilder.int64();
            case INT -> SchemaBuilder.int32();
            case BOOLEAN -> SchemaBuilder.bool();
            case DOUBLE -> SchemaBuilder.float64();
            case FLOAT -> SchemaBuilder.float32();
            case BYTES, FIXED -> SchemaBuilder.bytes();
            case NULL -> SchemaBuilder.string().optional();
        };
        return (maybeNull ? builder.optional() : builder).build();
    }

    private SchemaBuilder struct(org.apache.avro.Schema record) {
        SchemaBuilder builder = SchemaBuilder.struct().name(record.getFullName());
        for (org.apache.avro.Schema.Field field : record.getFields()) {
            builder.field(field.name(), schema(field.schema(), false));
        }
        return builder;
    }

    /** @param schema what {@link #of} gave, or a part of it */
    Object value(Schema schema, org.apache.avro.Schema avro, Object value) {
        if (value == null) {
            return null;
        }
        org.apache.avro.Schema present = withoutNull(avro);
        return switch (present.getType()) {
            case RECORD -> struct(schema, present, (IndexedRecord) value);
            case ARRAY -> collectionsAsJson ? json(value) : array(schema, present, (List<?>) value);
            case MAP -> collectionsAsJson ? json(value) : map(schema, present, (Map<?, ?>) value);
            case UNION -> json(value);
            case STRING, ENUM -> value.toString();
            case LONG, INT, BOOLEAN, DOUBLE, FLOAT, BYTES, FIXED, NULL -> value;
        };
    }

    private Struct struct(Schema schema, org.apache.avro.Schema record, IndexedRecord value) {
        Struct struct = new Struct(schema);
        for (org.apache.avro.Schema.Field field : record.getFields()) {
            struct.put(
                    field.name(), value(schema.field(field.name()).schema(), field.schema(), value.get(field.pos())));
        }
        return struct;
    }

    private List<Object> array(Schema schema, org.apache.avro.Schema avro, List<?> values) {
        List<Object> converted = new ArrayList<>(values.size());
        values.forEach(value -> converted.add(value(schema.valueSchema(), avro.getElementType(), value)));
        return converted;
    }

    private Map<String, Object> map(Schema schema, org.apache.avro.Schema avro, Map<?, ?> values) {
        Map<String, Object> converted = new LinkedHashMap<>();
        values.forEach((name, value) ->
                converted.put(name.toString(), value(schema.valueSchema(), avro.getValueType(), value)));
        return converted;
    }

    private static String json(Object value) {
        return RecordModel.INSTANCE.toString(value);
    }

    /** Of a union of null and one type that type; anything else as it is. */
    private static org.apache.avro.Schema withoutNull(org.apache.avro.Schema avro) {
        if (avro.getType() != Type.UNION || avro.getTypes().size() != 2 || !avro.isNullable()) {
            return avro;
        }
        return avro.getTypes().get(avro.getTypes().get(0).getType() == Type.NULL ? 1 : 0);
    }
}
