package io.unpark.app;

import io.unpark.app.console.UserError;
import io.unpark.app.dlq.LetterBox;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which {@code unpark dlq} finds its cluster; the registry is only asked for where a value must be understood. */
final class DlqCluster {
    @Option(
            names = {"--bootstrap", "--bootstrap-servers"},
            required = true,
            paramLabel = "HOST:PORT,...",
            description = "The cluster's brokers.")
    private String bootstrap;

    @Mixin
    private ConfigFile config;

    @Mixin
    private KafkaConfigFile kafkaConfig;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "In front of every topic's name.")
    private String prefix = "";

    /** @throws UserError when a value has the wrong form */
    LetterBox letters() {
        Map<String, Object> kafka = new HashMap<>(kafkaConfig.read(config));
        kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        try {
            return new LetterBox(kafka, TopicLayout.DEFAULT.withPrefix(prefix));
        } catch (IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
    }

    /** Serdes of the registry at {@code url}, none without one. */
    Optional<TopicSerdes> serdes(String url) {
        if (url == null) {
            return Optional.empty();
        }
        Map<String, Object> registry = new HashMap<>(kafkaConfig.read(config));
        registry.put(RegistryConfig.URL, url);
        try {
            return Optional.of(TopicSerdes.of(RegistryConfig.from(registry)));
        } catch (ConfigException | IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
    }
}
