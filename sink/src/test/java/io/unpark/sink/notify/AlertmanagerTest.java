package io.unpark.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.sink.store.StorageConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Alertmanager gets alerts, and tells a receiver of its own what became of them. */
class AlertmanagerTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private FakeReceiver behind;
    private Process alertmanager;
    private int port;
    private Told told;

    @BeforeEach
    void start() throws IOException {
        Optional<Path> program = Stream.of(System.getenv("PATH").split(":"))
                .flatMap(it -> Stream.of(Path.of(it, "prometheus-alertmanager"), Path.of(it, "alertmanager")))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            System.out.println("Skipped: there is no Alertmanager; apt-get install prometheus-alertmanager");
        }
        assumeTrue(program.isPresent(), "needs an Alertmanager");
        behind = new FakeReceiver();
        port = freePort();
        startAlertmanager(program.get());
        // A real clock: Alertmanager has its own.
        told = new Told(StorageConfig.inMemory("alertmanager;DB_CLOSE_DELAY=0"), """
                external_url: https://unpark.example.org
                group_wait: 0s
                receivers:
                  - {name: am, type: alertmanager, url: 'http://127.0.0.1:%d/', resend: 1s, labels: {team: shop}}
                """.formatted(port));
        told.pass(System.currentTimeMillis() - Told.START_MS);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void startAlertmanager(Path program) throws IOException {
        Path config = Files.writeString(folder.resolve("alertmanager.yml"), """
                route: {receiver: hook, group_by: [anomaly, severity], group_wait: 100ms, group_interval: 200ms}
                receivers:
                  - name: hook
                    webhook_configs: [{url: '%s', send_resolved: true}]
                """.formatted(behind.url()));
        alertmanager = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log.txt").toFile())
                .start();
        await().atMost(LIMIT).ignoreExceptions().until(() -> get("/-/ready").equals("OK"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (told != null) {
            told.close();
        }
        if (alertmanager != null) {
            alertmanager.destroy();
            alertmanager.waitFor();
        }
        if (behind != null) {
            behind.close();
        }
    }

    @Test
    void anAlertFiresChangesItsSeverityAndEnds() throws Exception {
        Courier courier = told.courier();

        // When it opens, Alertmanager has it
        told.write(told.anomaly("a", "orders", "warning"));
        sendAll(courier);
        JsonNode alert = alerts().path(0);
        assertThat(alert.at("/status/state").asText()).isIn("active", "unprocessed");
        assertThat(labels(alert))
                .containsAllEntriesOf(new TreeMap<>(Map.of(
                        "alertname",
                        "Unpark_goroutine_leak",
                        "service",
                        "orders",
                        "namespace",
                        "shop",
                        "severity",
                        "warning",
                        "anomaly",
                        "a",
                        "team",
                        "shop")));
        assertThat(alert.at("/annotations/where").asText()).isEqualTo("main.f main.go:7");
        assertThat(alert.path("generatorURL").asText()).isEqualTo("https://unpark.example.org/#/anomaly/a");
        await().atMost(LIMIT).until(this::heard, List.of("firing warning")::equals);

        // and a raised severity is another alert in the place of the first
        told.pass(1_000);
        told.write(told.anomaly("a", "orders", "critical"));
        sendAll(courier);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(heard())
                        .containsExactlyInAnyOrder("firing warning", "firing critical", "resolved warning"));
        assertThat(alerts()).hasSize(1);

        // and when nothing comes for long enough it ends; what is open was sent anew again and again before
        for (int i = 0; i < 3; i++) {
            told.pass(1_000);
            sendAll(courier);
        }
        assertThat(heard()).hasSize(3);
        told.endAll();
        told.sweep();
        sendAll(courier);
        await().atMost(LIMIT).until(() -> heard().contains("resolved critical"));
        assertThat(alerts()).isEmpty();
    }

    private void sendAll(Courier courier) throws InterruptedException {
        do {
            courier.step();
        } while (told.state().pending() > 0);
        assertThat(told.state().lastError()).isEmpty();
    }

    /** What Alertmanager told its receiver: state and severity. */
    private List<String> heard() {
        return behind.taken().stream()
                .map(FakeReceiver.Got::json)
                .map(it -> it.path("status").asText() + " "
                        + it.at("/groupLabels/severity").asText())
                .distinct()
                .toList();
    }

    private JsonNode alerts() {
        try {
            return new ObjectMapper().readTree(get("/api/v2/alerts"));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, String> labels(JsonNode alert) {
        Map<String, String> labels = new TreeMap<>();
        alert.path("labels")
                .properties()
                .forEach(it -> labels.put(it.getKey(), it.getValue().asText()));
        return labels;
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HTTP.send(request, BodyHandlers.ofString()).body().strip();
    }
}
