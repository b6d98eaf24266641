package io.unpark.schemas.registry;

import io.unpark.schemas.Topic;
import io.unpark.schemas.Topics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads records in the Confluent wire format into generated classes, whatever schema wrote them. Made either with a client
 * and a class, or without arguments and then configured, see {@link RegistryConfig}; then the record's name decides among the
 * classes of {@link Topics} (never any other class: names come from outside). {@code null} stays {@code null}.
 *
 * @param <T> a generated class, or {@code SpecificRecord}
 */
public final class ConfluentAvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
    private final Map<String, AvroCodec<? extends T>> codecs = new ConcurrentHashMap<>();
    private final AvroCodec<T> onlyCodec;
    private RegistryClient client;

    /** For Kafka, which calls {@link #configure} next. */
    public ConfluentAvroDeserializer() {
        this.onlyCodec = null;
    }

    /** Into the class of {@link Topics} that the record names. */
    public ConfluentAvroDeserializer(RegistryClient client) {
        this.client = client;
        this.onlyCodec = null;
    }

    /** @param recordClass what to read into */
    public ConfluentAvroDeserializer(RegistryClient client, Class<T> recordClass) {
        this.client = client;
        this.onlyCodec = new AvroCodec<>(recordClass);
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        if (client == null) {
            client = new HttpRegistryClient(RegistryConfig.from(configs));
        }
    }

    /**
     * @throws SerializationException when these bytes cannot be decoded, now or later
     * @throws RegistryException when the registry refuses to answer (such as 401); nothing is wrong with the record
     * @throws RegistryUnavailableException when no registry answers; nothing is wrong with the record
     */
    @Override
    public T deserialize(String topic, byte[] data) {
        if (data == null) {
            return null;
        }
        int id = WireFormat.schemaId(data);
        if (client == null) {
            throw new IllegalStateException("deserializer is not configured");
        }
        Schema written = client.schemaOf(id);
        AvroCodec<? extends T> codec = onlyCodec != null ? onlyCodec : codecByName(written);
        return codec.decode(written, data, WireFormat.HEADER_BYTES);
    }

    /** Whether what was read from these bytes was written by a schema of the same layout as the generated class's own. */
    boolean hasOwnLayout(byte[] data) {
        Schema written = client.schemaOf(WireFormat.schemaId(data));
        return (onlyCodec != null ? onlyCodec : codecByName(written)).hasOwnLayout(written);
    }

    private AvroCodec<? extends T> codecByName(Schema written) {
        AvroCodec<? extends T> known = codecs.get(written.getFullName());
        if (known == null) {
            known = newCodec(recordClass(written.getFullName()));
            codecs.put(written.getFullName(), known);
        }
        return known;
    }

    @SuppressWarnings("unchecked") // who configures a deserializer by name answers for T, as with Kafka's own
    private static <R extends SpecificRecord> Class<R> recordClass(String fullName) {
        for (Topic<?, ?> topic : Topics.all()) {
            if (topic.valueSchema()
                    .filter(schema -> schema.getFullName().equals(fullName))
                    .isPresent()) {
                return (Class<R>) topic.valueClass();
            }
        }
        throw new SerializationException("no topic of this project carries a " + fullName);
    }

    private static <R extends SpecificRecord> AvroCodec<R> newCodec(Class<R> type) {
        return new AvroCodec<>(type);
    }
}
