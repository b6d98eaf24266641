package io.unpark.app.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.unpark.app.console.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that tells changes, and breaks off. */
class FollowerTest {
    private static final String BREAK_OFF = "";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> anomalies = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile int eventsStatus = 200;
    private HttpServer server;
    private Future<?> following;

    @BeforeEach
    void start() throws IOException {
        serve(0);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        server.stop(0);
    }

    @Test
    void eventsAreLookedUpAndToldOnceEach() {
        anomalies.put("a", anomaly("a", 1));
        followAndHear(Map.of());

        anomalies.put("a", anomaly("a", 2));
        event(8, "anomaly", anomaly("a", 2));
        event(9, "anomaly", anomaly("a", 2));
        anomalies.put("b", anomaly("b", 1));
        event(10, "anomaly", anomaly("b", 1));
        event(11, "anomaly", "{\"id\":\"gone\"}");

        await().untilAsserted(() -> assertThat(told).containsExactly("a1", "a2", "b1"));
        await().untilAsserted(() -> assertThat(asked).contains("/api/v1/anomalies/gone"));
        assertThat(asked.stream().filter(it -> it.startsWith("/api/v1/anomalies?")))
                .as("looked at the list before the first event and after it, and not again")
                .hasSize(2);
    }

    @Test
    void aConnectionThatEndsIsTakenUpWhereItWas() {
        followAndHear(Map.of());
        anomalies.put("a", anomaly("a", 1));
        event(8, "anomaly", anomaly("a", 1));
        await().untilAsserted(() -> assertThat(told).containsExactly("a1"));

        events.add(BREAK_OFF);

        await().untilAsserted(() -> assertThat(asked).contains("/api/v1/events after 8"));
        event(8, "ready", "{}");
        anomalies.put("b", anomaly("b", 1));
        event(9, "resync", "{}");
        await().untilAsserted(() -> assertThat(told).containsExactly("a1", "b1"));
        assertThat(troubles).isEmpty();
    }

    @Test
    void aServerThatGoesAwayIsTriedUntilItIsBack() throws Exception {
        followAndHear(Map.of());
        int port = server.getAddress().getPort();

        server.stop(0);
        await().untilAsserted(
                        () -> assertThat(troubles).singleElement().asString().contains("does not answer"));
        serve(port);

        await().untilAsserted(() -> assertThat(troubles).last().asString().contains("back"));
        assertThat(troubles).hasSize(2);
    }

    @Test
    void withoutEventsTheListIsLookedAtAgain() {
        eventsStatus = 404;
        follow(Map.of());
        await().untilAsserted(() -> assertThat(asked).contains("/api/v1/events after null"));

        anomalies.put("a", anomaly("a", 1));

        await().untilAsserted(() -> assertThat(told).containsExactly("a1"));
    }

    @Test
    void whatIsNotOfTheFilterIsNotAskedFor() {
        followAndHear(Map.of("kind", "data_race", "service", "", "all", "false", "since", "1h"));
        anomalies.put("a", anomaly("a", 1).replace("23T11:30", "23T10:30"));

        event(8, "anomaly", "{\"id\":\"leak\",\"kind\":\"goroutine_leak\"}");
        event(9, "anomaly", "{\"id\":\"perhaps\",\"kind\":\"data_race\",\"confidence\":\"possible\"}");
        event(10, "anomaly", "{\"id\":\"a\",\"kind\":\"data_race\",\"confidence\":\"likely\"}");
        anomalies.put("b", anomaly("b", 1));
        event(11, "anomaly", anomaly("b", 1));

        await().untilAsserted(() -> assertThat(told).containsExactly("b1"));
        assertThat(asked).doesNotContain("/api/v1/anomalies/leak", "/api/v1/anomalies/perhaps");
    }

    @Test
    void whoIsNotLetInIsToldSo() {
        eventsStatus = 401;
        follow(Map.of());

        assertThatThrownBy(() -> following.get())
                .hasCauseInstanceOf(UserError.class)
                .hasMessageContaining("UNPARK_TOKEN");
    }

    private static String anomaly(String id, int count) {
        return "{\"id\":\"" + id + "\",\"kind\":\"data_race\",\"count\":" + count
                + ",\"last_seen\":\"2026-11-23T11:30:00Z\"}";
    }

    private void event(int number, String name, String data) {
        events.add("id: " + number + "\nevent: " + name + "\ndata: " + data + "\n\n:\n\n");
    }

    /** Until it has looked at the list before the first event and after it. */
    private void followAndHear(Map<String, String> filter) {
        follow(filter);
        event(7, "ready", "{}");
        await().untilAsserted(() -> assertThat(asked.stream().filter(it -> it.startsWith("/api/v1/anomalies?")))
                .hasSize(2));
    }

    private void follow(Map<String, String> filter) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        Clock clock = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
        Follower follower =
                new Follower(new AnomalyApi(url, ""), filter, 100, Duration.ofMillis(20), clock, troubles::add);
        following = threads.submit(() -> {
            follower.follow(changed -> {
                for (JsonNode anomaly : changed) {
                    told.add(anomaly.path("id").asText() + anomaly.path("count").asInt());
                }
                return true;
            });
            return null;
        });
    }

    private void serve(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/api/v1/events", this::tell);
        server.createContext("/api/v1/anomalies", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        asked.add(path);
        if (path.contains("?")) {
            send(exchange, 200, "{\"items\":[" + String.join(",", anomalies.values()) + "],\"next\":null}");
        } else {
            String one = anomalies.get(path.substring(path.lastIndexOf('/') + 1));
            send(exchange, one == null ? 404 : 200, one == null ? "{}" : one);
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void tell(HttpExchange exchange) throws IOException {
        asked.add("/api/v1/events after " + exchange.getRequestHeaders().getFirst("Last-Event-ID"));
        if (eventsStatus != 200) {
            send(exchange, eventsStatus, "{}");
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        // From some JDK on, this server keeps the headers back until there is something to send.
        exchange.getResponseBody().write(":\n\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        try {
            for (String event = events.take(); !event.equals(BREAK_OFF); event = events.take()) {
                exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }
}
