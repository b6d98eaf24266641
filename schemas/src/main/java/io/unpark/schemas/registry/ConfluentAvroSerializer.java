package io.unpark.schemas.registry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes generated records in the Confluent wire format, under the subject {@code <topic>-value}. Made either with a client,
 * or without arguments and then configured, see {@link RegistryConfig}. {@code null} stays {@code null} (a tombstone).
 *
 * @param <T> a generated class, or {@code SpecificRecord}
 */
public final class ConfluentAvroSerializer<T extends SpecificRecord> implements Serializer<T> {
    /** Each topic writes one class; a program that writes to more subjects than this is broken. */
    private static final int MAX_SUBJECTS = 1000;

    private final Map<String, Prepared> prepared = new ConcurrentHashMap<>();
    private final Map<Class<?>, AvroCodec<?>> codecs = new ConcurrentHashMap<>();
    private RegistryClient client;
    private boolean autoRegister;
    private boolean isKey;

    /** For Kafka, which calls {@link #configure} next. */
    public ConfluentAvroSerializer() {}

    /** @param autoRegister register the schema when it is not there; else an unknown schema is an error */
    public ConfluentAvroSerializer(RegistryClient client, boolean autoRegister) {
        this.client = client;
        this.autoRegister = autoRegister;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean forKey) {
        isKey = forKey;
        if (client == null) {
            RegistryConfig config = RegistryConfig.from(configs);
            client = new HttpRegistryClient(config);
            autoRegister = config.autoRegister();
        }
    }

    /**
     * @throws SerializationException when the record breaks its schema
     * @throws RegistryException when the registry refuses the schema
     * @throws RegistryUnavailableException when no registry answers; nothing is wrong with the record
     */
    @Override
    public byte[] serialize(String topic, T record) {
        if (record == null) {
            return null;
        }
        AvroCodec<T> codec = codec(record);
        return codec.encode(header(WireFormat.subject(topic, isKey), codec.schema()), record);
    }

    private byte[] header(String subject, Schema schema) {
        Prepared known = prepared.get(subject);
        if (known != null && known.schema == schema) {
            return known.header;
        }
        if (client == null) {
            throw new IllegalStateException("serializer is not configured");
        }
        int id = autoRegister ? client.register(subject, schema) : client.idOf(subject, schema);
        byte[] header = WireFormat.header(id);
        if (prepared.size() >= MAX_SUBJECTS) {
            prepared.clear();
        }
        prepared.put(subject, new Prepared(schema, header));
        return header;
    }

    @SuppressWarnings("unchecked") // the codec was made from the record's own class
    private AvroCodec<T> codec(T record) {
        return (AvroCodec<T>) codecs.computeIfAbsent(record.getClass(), type -> newCodec((Class<T>) type));
    }

    private static <R extends SpecificRecord> AvroCodec<R> newCodec(Class<R> type) {
        return new AvroCodec<>(type);
    }

    private record Prepared(Schema schema, byte[] header) {}
}
