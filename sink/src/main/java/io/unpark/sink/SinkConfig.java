package io.unpark.sink;

import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.sink.notify.NotifyConfig;
import io.unpark.sink.store.RollUpRetention;
import io.unpark.sink.store.StorageConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How a sink is set up.
 *
 * @param kafka how to reach the cluster, by Kafka's names: at least {@code bootstrap.servers}; passed through
 * @param groupId consumer group
 * @param quiet how long nothing may be seen before an anomaly counts as resolved
 * @param anomalyRetention age by arrival at which anomalies go, and {@code windowRetention} requests, windows at the latest, and
 *     services that have no anomaly
 * @param rollUps age by arrival at which windows go, and what they are rolled up to
 * @param notifications who is told of anomalies
 */
public record SinkConfig(
        Map<String, Object> kafka,
        RegistryConfig registry,
        TopicLayout topics,
        StorageConfig storage,
        String groupId,
        Duration quiet,
        Duration anomalyRetention,
        Duration windowRetention,
        RollUpRetention rollUps,
        NotifyConfig notifications) {

    public SinkConfig {
        kafka = Map.copyOf(kafka);
    }

    /** Roll-ups by default, and nobody is told anything. */
    public SinkConfig(
            Map<String, Object> kafka,
            RegistryConfig registry,
            TopicLayout topics,
            StorageConfig storage,
            String groupId,
            Duration quiet,
            Duration anomalyRetention,
            Duration windowRetention) {
        this(
                kafka,
                registry,
                topics,
                storage,
                groupId,
                quiet,
                anomalyRetention,
                windowRetention,
                RollUpRetention.DEFAULT,
                NotifyConfig.NONE);
    }

    /** H2 in {@code folder}, all else by default. */
    public static SinkConfig embedded(String bootstrap, String registryUrl, Path folder) {
        return of(
                Map.of("bootstrap.servers", bootstrap), RegistryConfig.of(registryUrl), StorageConfig.embedded(folder));
    }

    /** Topics, group and times by default: 10 minutes of quiet, 90 days of anomalies, 7 days of requests. */
    public static SinkConfig of(Map<String, Object> kafka, RegistryConfig registry, StorageConfig storage) {
        return new SinkConfig(
                kafka,
                registry,
                TopicLayout.DEFAULT,
                storage,
                "unpark-sink",
                Duration.ofMinutes(10),
                Duration.ofDays(90),
                Duration.ofDays(7));
    }

    public SinkConfig withTopics(TopicLayout newTopics) {
        return new SinkConfig(
                kafka,
                registry,
                newTopics,
                storage,
                groupId,
                quiet,
                anomalyRetention,
                windowRetention,
                rollUps,
                notifications);
    }

    public SinkConfig withNotifications(NotifyConfig newNotifications) {
        return new SinkConfig(
                kafka,
                registry,
                topics,
                storage,
                groupId,
                quiet,
                anomalyRetention,
                windowRetention,
                rollUps,
                newNotifications);
    }

    /** Kafka's settings may hold secrets. */
    @Override
    public String toString() {
        return "SinkConfig[" + registry + ", " + storage + ", group " + groupId + "]";
    }
}
