package io.unpark.schemas;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How the topics lie on one cluster: prefix of the names, numbers of partitions, replication. Immutable; the {@code with}
 * methods return a changed copy. The inputs always have the same number of partitions.
 */
public final class TopicLayout {
    /** No prefix, default partitions, the broker's own replication factor. */
    public static final TopicLayout DEFAULT = new TopicLayout("", Map.of(), (short) -1);

    private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9._-]{0,100}");
    private static final int MAX_PARTITIONS = 10_000;
    private static final List<String> INPUTS =
            List.of(Topics.TRACE_CHUNKS.name(), Topics.RACE_REPORTS.name(), Topics.PROFILE_SNAPSHOTS.name());

    private final String prefix;
    private final Map<String, Integer> partitions;
    private final short replicationFactor;

    private TopicLayout(String prefix, Map<String, Integer> partitions, short replicationFactor) {
        this.prefix = prefix;
        this.partitions = Collections.unmodifiableMap(partitions);
        this.replicationFactor = replicationFactor;
    }

    /** Same topics, names beginning with the prefix: at most 100 letters, digits, dots, underscores and hyphens. */
    public TopicLayout withPrefix(String newPrefix) {
        if (!PREFIX.matcher(newPrefix).matches()) {
            throw new IllegalArgumentException("topic prefix must match " + PREFIX + ": '" + newPrefix + "'");
        }
        return new TopicLayout(newPrefix, partitions, replicationFactor);
    }

    /** Every topic but the dead-letter ones gets this many partitions, 1 to 10,000. */
    public TopicLayout withPartitions(int count) {
        TopicLayout changed = this;
        for (Topic<?, ?> topic : Topics.all()) {
            changed = topic.keyClass() == String.class ? changed.withPartitions(topic, count) : changed;
        }
        return changed;
    }

    /** One topic gets this many partitions, 1 to 10,000; an input takes the other inputs with it. */
    public TopicLayout withPartitions(Topic<?, ?> topic, int count) {
        if (count < 1 || count > MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    "partitions of " + topic + " must be 1 to " + MAX_PARTITIONS + ": " + count);
        }
        Map<String, Integer> changed = new TreeMap<>(partitions);
        if (INPUTS.contains(topic.name())) {
            INPUTS.forEach(name -> changed.put(name, count));
        } else {
            changed.put(topic.name(), count);
        }
        return new TopicLayout(prefix, changed, replicationFactor);
    }

    /** Replication factor of new topics; -1 takes the broker's default. */
    public TopicLayout withReplicationFactor(int factor) {
        if (factor != -1 && (factor < 1 || factor > 32)) {
            throw new IllegalArgumentException("replication factor must be -1 or 1 to 32: " + factor);
        }
        return new TopicLayout(prefix, partitions, (short) factor);
    }

    /** The topic's name on the cluster. */
    public String name(Topic<?, ?> topic) {
        return prefix + topic.name();
    }

    /** The topic's number of partitions on the cluster. */
    public int partitions(Topic<?, ?> topic) {
        return partitions.getOrDefault(topic.name(), topic.partitions());
    }

    /** The topic behind a name on the cluster; empty for a name that is not ours. */
    public Optional<Topic<?, ?>> topicOf(String nameOnCluster) {
        return nameOnCluster.startsWith(prefix)
                ? Topics.find(nameOnCluster.substring(prefix.length()))
                : Optional.empty();
    }

    public String prefix() {
        return prefix;
    }

    /** Of new topics; -1 is the broker's default. */
    public short replicationFactor() {
        return replicationFactor;
    }
}
