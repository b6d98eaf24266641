package io.unpark.app;

import io.unpark.app.console.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.Option;

/** The option {@code --kafka-config}: the same file for every verb that reaches a cluster. */
final class KafkaConfigFile {
    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Client settings (TLS, SASL, the registry's user), as a properties file; docs/kafka.md.")
    private Path file;

    /** What is said for all clients, by {@code unpark.yaml}, the file, and the environment, of which the later wins. */
    Map<String, String> read(ConfigFile config) {
        return settings(config).clients();
    }

    /** As {@link #read}, with what is said for the topologies only. */
    ClientSettings settings(ConfigFile config) {
        return config.clients()
                .with(ClientSettings.ofProperties(properties()))
                .with(ClientSettings.ofEnvironment(System.getenv()));
    }

    private Map<String, String> properties() {
        Properties properties = new Properties();
        if (file != null) {
            try (InputStream in = Files.newInputStream(file)) {
                properties.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw UserError.usage("cannot read " + file + ": " + e.getMessage());
            }
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }
}
