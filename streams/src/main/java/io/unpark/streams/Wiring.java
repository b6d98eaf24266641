package io.unpark.streams;

import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.TopicSerdes;
import org.apache.kafka.common.serialization.Serde;

/** How the topics are called on this cluster, and how their records are read and written. */
record Wiring(TopicLayout layout, TopicSerdes serdes) {
    String name(Topic<?, ?> topic) {
        return layout.name(topic);
    }

    /** A new serde: whoever serialises often keeps it, for its caches. */
    <V> Serde<V> value(Topic<?, V> topic) {
        return serdes.value(topic);
    }
}
