package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Recordings.Recording;
import io.unpark.app.demo.Recordings.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What was queued is told although the process is killed before it could send it, and while it does. */
class NotificationsTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String OPENED = "opened ";

    @TempDir
    private Path folder;

    @RegisterExtension
    private final Opened open = new Opened();

    private final List<String> keys = new CopyOnWriteArrayList<>();
    /** By change and anomaly: how often it was told, by the notice's id. */
    private final Map<String, Map<String, Integer>> told = new ConcurrentHashMap<>();

    @Test
    void aKilledProcessSendsWhatItQueued() throws Exception {
        // Given a process whose receiver is away; it finds anomalies and is killed
        int port = freePort();
        Path config = Files.writeString(folder.resolve("u.yaml"), """
                notify:
                  group_wait: 0s
                  receivers:
                    - {name: ops, type: webhook, url: 'http://127.0.0.1:%d/', unsigned: true, timeout: 1s}
                """.formatted(port));
        Path data = folder.resolve("data");
        ChildProcess first = open.add(up(config, data));
        for (Recording trace : leak().traces()) {
            push(first, trace);
        }
        await().atMost(LIMIT).until(() -> receiver(first).path("failed").asLong() > 0);
        // The first one it told of may have been withdrawn meanwhile, when the rest of its request came.
        long anomalies = await().atMost(LIMIT).until(() -> anomalies(first), count -> count > 0);
        first.kill();

        // and one that is killed while the receiver, which is back, does not answer
        HttpServer silent = receiver(port, false);
        ChildProcess second = open.add(up(config, data));
        await().atMost(LIMIT).until(() -> !keys.isEmpty());
        second.kill();
        silent.stop(0);
        String sent = keys.get(0);

        // When it is started once more
        HttpServer taking = receiver(port, true);
        ChildProcess third = open.add(up(config, data));
        await().atMost(LIMIT)
                .until(() -> receiver(third).path("pending").asLong() == 0
                        && receiver(third).path("sent").asLong() >= Math.max(anomalies, anomalies(third)));

        // Then every anomaly was told once, and what a kill left half-seen and was withdrawn later was told as resolved
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(stillOpen())
                        .as("%s", told.keySet())
                        .containsExactlyInAnyOrderElementsOf(ids(third)));
        taking.stop(0);
        // and the message that was under way had the same key again
        assertThat(keys).filteredOn(sent::equals).hasSizeGreaterThan(1);
        assertThat(told.values()).allSatisfy(ids -> assertThat(ids).hasSize(1));
        assertThat(third.get("/metrics").body()).contains("unpark_notify_sent_total{receiver=\"ops\"}");
    }

    private ChildProcess up(Path config, Path data) throws IOException {
        return ChildProcess.unpark(
                folder, "up", "--port", "0", "--data", data.toString(), "--config", config.toString());
    }

    private static Scenario leak() throws IOException {
        return Recordings.load(DemoManifest.folder()).scenarios().stream()
                .filter(scenario -> scenario.name().equals("leak"))
                .findFirst()
                .orElseThrow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private HttpServer receiver(int port, boolean answers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (answers) {
                Documents.parse(new String(body, StandardCharsets.UTF_8))
                        .path("notifications")
                        .forEach(it -> told.computeIfAbsent(
                                        it.path("change").asText() + " "
                                                + it.at("/anomaly/id").asText(),
                                        change -> new TreeMap<>())
                                .merge(it.path("id").asText(), 1, Integer::sum));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            }
        });
        server.start();
        return server;
    }

    private static JsonNode receiver(ChildProcess process) throws IOException {
        return Documents.parse(process.get("/api/v1/status").body())
                .path("notifications")
                .path(0);
    }

    private static long anomalies(ChildProcess process) throws IOException {
        return ids(process).size();
    }

    private static List<String> ids(ChildProcess process) throws IOException {
        JsonNode items = Documents.parse(
                        process.get("/api/v1/anomalies?limit=500").body())
                .path("items");
        return items.valueStream().map(it -> it.path("id").asText()).toList();
    }

    /** Ids of what was told as opened, and not as resolved. */
    private List<String> stillOpen() {
        return told.keySet().stream()
                .filter(change -> change.startsWith(OPENED))
                .map(change -> change.substring(OPENED.length()))
                .filter(id -> !told.containsKey("resolved " + id))
                .toList();
    }

    private static void push(ChildProcess process, Recording trace) throws Exception {
        String query = "?service=" + trace.service() + "&instance=" + trace.instance();
        HttpRequest request = HttpRequest.newBuilder(URI.create(process.address() + "/ingest/v1/trace" + query))
                .POST(BodyPublishers.ofFile(trace.file()))
                .timeout(LIMIT)
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }
}
