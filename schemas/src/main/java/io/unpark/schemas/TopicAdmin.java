package io.unpark.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics of the table on a cluster, and tells where a cluster differs from it. Does not own the client. */
public final class TopicAdmin {
    private static final long POLL_MS = 20;

    private final Admin admin;
    private final TopicLayout layout;
    private final Duration timeout;

    /** @param timeout for each answer of the cluster; past it the methods throw Kafka's {@code TimeoutException} */
    public TopicAdmin(Admin admin, TopicLayout layout, Duration timeout) {
        this.admin = admin;
        this.layout = layout;
        this.timeout = timeout;
    }

    /**
     * Creates what is missing and leaves alone what exists, even where it differs: more partitions would move keys away
     * from their state, and other settings may be somebody's intent. Returns when the broker that is asked knows all topics.
     *
     * @return names of the topics that were created, in the table's order
     * @throws KafkaException when the cluster refuses or does not answer
     */
    public List<String> create() {
        List<NewTopic> wanted = Topics.all().stream()
                .map(topic -> new NewTopic(layout.name(topic), layout.partitions(topic), layout.replicationFactor())
                        .configs(topic.config()))
                .toList();
        Map<String, KafkaFuture<Void>> answers = admin.createTopics(wanted).values();
        List<String> created = new ArrayList<>();
        for (NewTopic topic : wanted) {
            if (get(answers.get(topic.name()), TopicExistsException.class).isEmpty()) {
                created.add(topic.name());
            }
        }
        awaitVisible(wanted.size());
        return created;
    }

    /** The controller answers before the brokers have heard of the new topics. */
    private void awaitVisible(int topics) {
        long startNs = System.nanoTime();
        while (describe().size() < topics) {
            if (System.nanoTime() - startNs > timeout.toNanos()) {
                throw new TimeoutException("created topics are not visible after " + timeout.toMillis() + " ms");
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    /**
     * Compares the cluster with the table.
     *
     * @return what differs, in the table's order; empty when all is as it should be
     * @throws KafkaException when the cluster refuses or does not answer
     */
    public List<TopicDifference> check() {
        Map<String, TopicDescription> found = describe();
        Map<String, Map<String, String>> configs =
                configs(found.keySet().stream().toList());
        List<TopicDifference> differences = new ArrayList<>();
        for (Topic<?, ?> topic : Topics.all()) {
            String name = layout.name(topic);
            TopicDescription description = found.get(name);
            if (description == null) {
                differences.add(new TopicDifference(name, "topic", "present", "absent"));
                continue;
            }
            Map<String, String> expected = new TreeMap<>(topic.config());
            expected.put("partitions", Integer.toString(layout.partitions(topic)));
            Map<String, String> actual = new HashMap<>(configs.get(name));
            actual.put("partitions", Integer.toString(description.partitions().size()));
            expected.forEach((setting, value) -> {
                if (!value.equals(actual.get(setting))) {
                    differences.add(new TopicDifference(name, setting, value, String.valueOf(actual.get(setting))));
                }
            });
        }
        return differences;
    }

    private Map<String, TopicDescription> describe() {
        Map<String, TopicDescription> found = new HashMap<>();
        List<String> names = Topics.all().stream().map(layout::name).toList();
        admin.describeTopics(names).topicNameValues().forEach((name, answer) -> {
            if (get(answer, UnknownTopicOrPartitionException.class).isEmpty()) {
                found.put(name, answer.toCompletionStage().toCompletableFuture().join());
            }
        });
        return found;
    }

    private Map<String, Map<String, String>> configs(List<String> names) {
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        KafkaFuture<Map<ConfigResource, Config>> answer =
                admin.describeConfigs(resources).all();
        get(answer, null);
        Map<ConfigResource, Config> configs =
                answer.toCompletionStage().toCompletableFuture().join();
        return configs.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().name(), entry -> values(entry.getValue())));
    }

    private static Map<String, String> values(Config config) {
        Map<String, String> values = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            values.put(entry.name(), entry.value());
        }
        return values;
    }

    /** Waits; the expected refusal is returned, every other one thrown. */
    private Optional<Throwable> get(KafkaFuture<?> answer, Class<? extends KafkaException> expected) {
        try {
            answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            if (expected != null && expected.isInstance(e.getCause())) {
                return Optional.of(e.getCause());
            }
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("the cluster did not answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
