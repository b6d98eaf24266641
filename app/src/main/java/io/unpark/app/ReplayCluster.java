package io.unpark.app;

import io.unpark.app.console.UserError;
import io.unpark.app.replay.ReplayPlace;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say on which cluster a replay runs. */
final class ReplayCluster {
    @Option(
            names = {"--bootstrap", "--bootstrap-servers"},
            paramLabel = "HOST:PORT,...",
            description = "Run on that cluster; on a broker of its own, which goes with it, when left out.")
    private String bootstrap;

    @Option(
            names = "--registry",
            paramLabel = "URL,...",
            description = "The cluster's schema registry, to read its topics; with --keep, for the replay's own, too.")
    private String registry;

    @Mixin
    private KafkaConfigFile kafkaConfig;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "In front of every topic's and group's name.")
    private String prefix = "";

    @Option(names = "--keep", description = "Leave the replay's topics on the cluster; they are deleted when left out.")
    private boolean keep;

    boolean keeps() {
        return keep;
    }

    /** Whether the cluster's own topics can be read. */
    boolean isReadable() {
        return bootstrap != null && registry != null;
    }

    /**
     * Empty when the replay runs on a broker of its own.
     *
     * @throws UserError when the options do not go together, or a value has the wrong form
     */
    Optional<ReplayPlace> place(OptionalInt partitions, ConfigFile config) {
        if (bootstrap == null) {
            if (registry != null || keep || !prefix.isEmpty()) {
                throw UserError.usage("--registry, --prefix and --keep need --bootstrap");
            }
            return Optional.empty();
        }
        if (keep && registry == null) {
            throw UserError.usage("--keep needs --registry, or nobody could read what is kept");
        }
        Map<String, Object> kafka = new HashMap<>(kafkaConfig.read(config));
        Optional<TopicSerdes> registered =
                registry == null ? Optional.empty() : Optional.of(TopicSerdes.of(registryConfig(kafka)));
        kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        TopicSerdes own = keep ? registered.orElseThrow() : ReplayPlace.unregistered();
        return Optional.of(new ReplayPlace(kafka, registered, own, prefix, partitions, false));
    }

    private RegistryConfig registryConfig(Map<String, Object> properties) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put(RegistryConfig.URL, registry);
        try {
            return RegistryConfig.from(settings);
        } catch (ConfigException | IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
    }
}
