package io.unpark.schemas.registry;

import io.unpark.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** The serdes of the topics, over one client and its cache. */
public final class TopicSerdes {
    private final RegistryClient client;
    private final boolean autoRegister;

    /** @param autoRegister register schemas that are not there; else an unknown schema is an error */
    public TopicSerdes(RegistryClient client, boolean autoRegister) {
        this.client = client;
        this.autoRegister = autoRegister;
    }

    /** Over HTTP, as configured. */
    public static TopicSerdes of(RegistryConfig config) {
        return new TopicSerdes(new HttpRegistryClient(config), config.autoRegister());
    }

    /** Of the topic's keys: strings, or bytes for a dead-letter topic. */
    public <K> Serde<K> key(Topic<K, ?> topic) {
        return Serdes.serdeFrom(topic.keyClass());
    }

    /** Of the topic's values: Avro in the Confluent wire format, or bytes for a dead-letter topic. */
    @SuppressWarnings("unchecked") // Class<V> is the evidence
    public <V> Serde<V> value(Topic<?, V> topic) {
        if (topic.valueSchema().isEmpty()) {
            return Serdes.serdeFrom(topic.valueClass());
        }
        return (Serde<V>) record(topic.valueClass().asSubclass(SpecificRecord.class));
    }

    /** Reads the topic's values, and keeps their bytes for a store whose values {@code states} reads. */
    public <R extends SpecificRecord> Deserializer<ArrivedRecord<R>> arriving(Topic<?, R> topic, StateSerde<R> states) {
        return ArrivedRecord.reader(new ConfluentAvroDeserializer<>(client, topic.valueClass()), states);
    }

    private <R extends SpecificRecord> Serde<R> record(Class<R> type) {
        return new ConfluentAvroSerde<>(client, autoRegister, type);
    }
}
