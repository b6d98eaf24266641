package io.unpark.app.roles;

import io.unpark.app.console.UserError;
import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.HttpRegistryClient;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.RegistryException;
import io.unpark.schemas.registry.RegistryUnavailableException;
import io.unpark.schemas.registry.TopicSerdes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A Kafka cluster with its schema registry, as a role reaches it. Connects to nothing until asked.
 *
 * @param kafka client settings by Kafka's names, {@code bootstrap.servers} among them
 * @param streams settings of Kafka Streams, over those, for the topologies only
 * @param layout names of the topics
 */
public record Cluster(
        Map<String, Object> kafka, Map<String, Object> streams, RegistryConfig registry, TopicLayout layout) {
    /** Long enough for a cluster that elects a leader, short enough for somebody who mistyped a name. */
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private static final int NAMED_AT_MOST = 4;

    public Cluster {
        kafka = Map.copyOf(kafka);
        streams = Map.copyOf(streams);
    }

    /** Without settings for the topologies alone. */
    public Cluster(Map<String, Object> kafka, RegistryConfig registry, TopicLayout layout) {
        this(kafka, Map.of(), registry, layout);
    }

    /** The same with settings for the topologies alone. */
    public Cluster withStreams(Map<String, ?> settings) {
        return new Cluster(kafka, new HashMap<>(settings), registry, layout);
    }

    /** For the topologies: what all clients get, and theirs over it. */
    Map<String, Object> kafkaOfStreams() {
        Map<String, Object> all = new HashMap<>(kafka);
        all.putAll(streams);
        return all;
    }

    /**
     * Of the command line's values.
     *
     * @param properties client settings; those of the registry may be among them, by Confluent's names
     * @throws UserError when a value has the wrong form
     */
    public static Cluster of(String bootstrap, String registryUrl, Map<String, String> properties, String prefix) {
        Map<String, Object> kafka = new HashMap<>(properties);
        kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        Map<String, Object> registry = new HashMap<>(properties);
        registry.put(RegistryConfig.URL, registryUrl);
        try {
            return new Cluster(kafka, RegistryConfig.from(registry), TopicLayout.DEFAULT.withPrefix(prefix));
        } catch (ConfigException | IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
    }

    /** Serdes with a client and a cache of their own. */
    public TopicSerdes serdes() {
        return TopicSerdes.of(registry);
    }

    private String bootstrap() {
        return String.valueOf(kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /**
     * Looks whether a role can work here, so that it says in one line what is missing instead of trying for ever.
     *
     * @throws UserError when the cluster or the registry does not answer, or one of the topics is not there
     */
    public void require(Collection<? extends Topic<?, ?>> topics) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
        List<String> missing = new ArrayList<>();
        List<String> forbidden = new ArrayList<>();
        try (Admin admin = Admin.create(settings)) {
            List<String> names = topics.stream().map(layout::name).toList();
            admin.describeTopics(names).topicNameValues().forEach((name, answer) -> {
                try {
                    if (!isThere(answer)) {
                        missing.add(name);
                    }
                } catch (TopicAuthorizationException e) {
                    forbidden.add(name);
                }
            });
        } catch (KafkaException e) {
            throw UserError.environment("no answer from Kafka at " + bootstrap() + ": " + reason(e)
                    + "; check --bootstrap and --kafka-config");
        }
        if (!forbidden.isEmpty()) {
            throw UserError.environment("Kafka at " + bootstrap() + " does not allow to use " + shown(forbidden)
                    + "; unpark topics acls prints what each role must be allowed");
        }
        if (!missing.isEmpty()) {
            throw missing(missing);
        }
        requireRegistry();
    }

    private static boolean isThere(KafkaFuture<?> topic) {
        try {
            topic.get(2 * ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("it took too long", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private UserError missing(List<String> names) {
        String option = layout.prefix().isEmpty() ? "" : " --prefix " + layout.prefix();
        return UserError.environment("the cluster has no topic " + shown(names)
                + "; make them with: unpark topics create --bootstrap " + bootstrap() + option);
    }

    private static String shown(List<String> names) {
        String shown = names.stream().sorted().limit(NAMED_AT_MOST).collect(Collectors.joining(", "));
        return shown + (names.size() > NAMED_AT_MOST ? " and " + (names.size() - NAMED_AT_MOST) + " more" : "");
    }

    private void requireRegistry() {
        try {
            // Whether there is such a schema does not matter: any answer is one.
            new HttpRegistryClient(registry).schemaOf(1);
        } catch (RegistryUnavailableException e) {
            throw UserError.environment("no answer from the schema registry: " + reason(e) + "; check --registry");
        } catch (RegistryException e) {
            throw UserError.environment(
                    "the schema registry refuses: " + reason(e) + "; check --registry and its user");
        } catch (KafkaException e) {
            return; // it has no schema yet
        }
    }

    /** Whether the cluster answers now: empty when it does, else what is wrong. */
    static Optional<String> trouble(Admin admin, Duration atMost) {
        try {
            admin.describeCluster().clusterId().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.of("it does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** Clients wrap what they know in exceptions without a text. */
    private static String reason(Throwable e) {
        String reason = e.getClass().getSimpleName();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : cause.getMessage();
        }
        return reason.lines().findFirst().orElse(reason);
    }

    /** Kafka's settings may hold secrets. */
    @Override
    public String toString() {
        return "Cluster[" + bootstrap() + ", " + registry + ", prefix '" + layout.prefix() + "']";
    }
}
