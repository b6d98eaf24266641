package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.app.console.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientSettingsTest {
    @TempDir
    private Path folder;

    private ClientSettings yaml(String... lines) throws IOException {
        Path file = folder.resolve("unpark.yaml");
        Files.writeString(file, String.join("\n", lines));
        return ConfigFile.of(file).clients();
    }

    @Test
    void namesInYamlMayBeLevelsOrHaveDots() throws IOException {
        ClientSettings settings = yaml(
                "thresholds: {goroutine_leak: {min_wait: 2s}}",
                "kafka:",
                "  security.protocol: SASL_SSL",
                "  ssl: {truststore: {location: /etc/ca.pem}, enabled.protocols: [TLSv1.3, TLSv1.2]}",
                "  request.timeout.ms: 9000",
                "streams:",
                "  num.standby.replicas: 1",
                "  producer: {linger.ms: 5}");

        assertThat(settings.clients())
                .isEqualTo(Map.of(
                        "security.protocol", "SASL_SSL",
                        "ssl.truststore.location", "/etc/ca.pem",
                        "ssl.enabled.protocols", "TLSv1.3,TLSv1.2",
                        "request.timeout.ms", "9000"));
        assertThat(settings.streams()).isEqualTo(Map.of("num.standby.replicas", "1", "producer.linger.ms", "5"));
    }

    @Test
    void theLaterWordWins() throws IOException {
        ClientSettings file = ClientSettings.ofProperties(
                Map.of("kafka.a", "file", "b", "file", "streams.c", "file", "schema.registry.x", "file"));
        ClientSettings environment = ClientSettings.ofEnvironment(
                Map.of("UNPARK_KAFKA_SASL_JAAS_CONFIG", "secret", "UNPARK_KAFKA_B", "variable", "UNPARK_LOG", "info"));

        ClientSettings all =
                yaml("kafka: {a: yaml, b: yaml, z: yaml}").with(file).with(environment);

        assertThat(all.clients())
                .isEqualTo(Map.of(
                        "a",
                        "file",
                        "b",
                        "variable",
                        "z",
                        "yaml",
                        "schema.registry.x",
                        "file",
                        "sasl.jaas.config",
                        "secret"));
        assertThat(all.streams()).isEqualTo(Map.of("c", "file"));
        assertThat(all.toString()).doesNotContain("secret");
    }

    @Test
    void whatIsNoValueIsRefusedByName() {
        for (List<String> lines :
                List.of(List.of("kafka: text"), List.of("kafka: {acks: }"), List.of("streams: {a: [[1]]}"))) {
            assertThatThrownBy(() -> yaml(lines.toArray(String[]::new)))
                    .isInstanceOf(UserError.class)
                    .hasMessageMatching("(kafka|streams)\\S*: expected .*");
        }
    }
}
