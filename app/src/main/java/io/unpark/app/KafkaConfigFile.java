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
            description = "Kafka client settings (TLS, SASL), as a properties file.")
    private Path file;

    /** The file's settings; none when the option was left out. */
    Map<String, String> read() {
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
