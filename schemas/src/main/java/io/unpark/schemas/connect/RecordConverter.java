package io.unpark.schemas.connect;

import io.unpark.schemas.registry.ConfluentAvroDeserializer;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.RegistryUnavailableException;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;

/**
 * Kafka Connect's value converter for the topics of this project: reads the Confluent wire format with any registry that speaks
 * Confluent's API. Only for sinks. Takes the registry's settings by Confluent's names, see {@link RegistryConfig}, and
 * {@link #COLLECTIONS_AS_JSON}. A tombstone stays one.
 */
public final class RecordConverter implements Converter {
    /**
     * {@code true} makes text in JSON of arrays, maps and unions, since a table has no column for them; {@code false} (default) leaves
     * arrays and maps as they are, and only unions of several types become text.
     */
    public static final String COLLECTIONS_AS_JSON = "collections.as.json";

    private final ConfluentAvroDeserializer<SpecificRecord> deserializer = new ConfluentAvroDeserializer<>();
    private ConnectSchemas schemas = new ConnectSchemas(false);

    /** For Kafka Connect, which calls {@link #configure} next. */
    public RecordConverter() {}

    /** @throws org.apache.kafka.common.config.ConfigException when it is to convert keys, which are strings */
    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        if (isKey) {
            throw new org.apache.kafka.common.config.ConfigException(
                    "keys are strings: use org.apache.kafka.connect.storage.StringConverter for them");
        }
        deserializer.configure(configs, false);
        schemas = new ConnectSchemas(Boolean.parseBoolean(String.valueOf(configs.get(COLLECTIONS_AS_JSON))));
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define(
                        RegistryConfig.URL,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        ConfigDef.Importance.HIGH,
                        "Addresses of the registry, comma-separated.")
                .define(
                        COLLECTIONS_AS_JSON,
                        ConfigDef.Type.BOOLEAN,
                        false,
                        ConfigDef.Importance.MEDIUM,
                        "Arrays, maps and unions become text in JSON.");
    }

    /**
     * @throws DataException when these bytes cannot be decoded, now or later
     * @throws RetriableException when no registry answers
     */
    @Override
    public SchemaAndValue toConnectData(String topic, byte[] value) {
        if (value == null) {
            return SchemaAndValue.NULL;
        }
        try {
            SpecificRecord read = deserializer.deserialize(topic, value);
            Schema schema = schemas.of(read.getSchema());
            return new SchemaAndValue(schema, schemas.value(schema, read.getSchema(), read));
        } catch (RegistryUnavailableException e) {
            throw new RetriableException(e);
        } catch (SerializationException e) {
            throw new DataException("a record of " + topic + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Always throws: nothing of ours is written by Connect. */
    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
        throw new DataException("this converter only reads; " + topic + " is not to be written by Connect");
    }
}
