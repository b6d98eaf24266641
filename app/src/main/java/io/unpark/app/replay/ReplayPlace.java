package io.unpark.app.replay;

import io.unpark.schemas.registry.InMemoryRegistry;
import io.unpark.schemas.registry.TopicSerdes;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A cluster on which history is replayed.
 *
 * @param kafka client settings by Kafka's names, {@code bootstrap.servers} among them
 * @param registry serdes of the cluster's own schema registry; empty where none was named
 * @param own serdes of the replay's own topics
 * @param prefix in front of the names of the replay's topics and of its group
 * @param partitions of the replay's topics; empty is the table's number
 * @param embedded the broker goes with this process
 */
public record ReplayPlace(
        Map<String, Object> kafka,
        Optional<TopicSerdes> registry,
        TopicSerdes own,
        String prefix,
        OptionalInt partitions,
        boolean embedded) {

    public ReplayPlace {
        kafka = Map.copyOf(kafka);
    }

    /** Schemas that nobody else needs to know: nothing is registered anywhere. */
    public static TopicSerdes unregistered() {
        return new TopicSerdes(new InMemoryRegistry(), true);
    }

    /** Of topics that are not the replay's. */
    TopicSerdes registered() {
        return registry.orElseThrow(() -> new IllegalStateException("no schema registry was named"));
    }
}
