package io.unpark.app;

import io.unpark.app.console.UserError;
import io.unpark.app.roles.Cluster;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which a role finds its cluster. */
final class ClusterAddress {
    @Option(
            names = "--bootstrap",
            required = true,
            paramLabel = "HOST:PORT,...",
            description = "The cluster's brokers.")
    private String bootstrap;

    @Option(
            names = "--registry",
            required = true,
            paramLabel = "URL,...",
            description = "The schema registry, by Confluent's API.")
    private String registry;

    @Mixin
    private KafkaConfigFile kafkaConfig;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "In front of every topic's and group's name.")
    private String prefix = "";

    /** @throws UserError when a value has the wrong form */
    Cluster cluster(ConfigFile config) {
        ClientSettings settings = kafkaConfig.settings(config);
        return Cluster.of(bootstrap, registry, settings.clients(), prefix).withStreams(settings.streams());
    }
}
