package io.unpark.streams;

import io.unpark.schemas.Topic;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/** Sources and sinks of the topics, named after them. */
record Nodes(Topology topology, Wiring wiring, String stage) {
    /** Topologies that are joined to one application must not share sinks: tasks would be joined too. */
    static String sinkName(String stage, Topic<?, ?> topic) {
        return stage + "-to-" + topic.name();
    }

    static String sourceName(Topic<?, ?> topic) {
        return "from-" + topic.name();
    }

    <V> void source(Topic<String, V> topic) {
        source(topic, wiring.value(topic).deserializer());
    }

    /** @param values may give more than the topic's own serde does */
    void source(Topic<String, ?> topic, Deserializer<?> values) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                sourceName(topic),
                new AcceptanceTime(),
                new StringDeserializer(),
                values,
                wiring.name(topic));
    }

    /** Takes what an {@link Outbox} has serialised. */
    void sink(Topic<String, ?> topic, String... parents) {
        topology.addSink(
                sinkName(stage, topic), wiring.name(topic), new StringSerializer(), new ByteArraySerializer(), parents);
    }
}
