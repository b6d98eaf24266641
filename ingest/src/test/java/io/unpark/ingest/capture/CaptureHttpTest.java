package io.unpark.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures on demand as agents and operators see them over HTTP. */
class CaptureHttpTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final CaptureDesk desk = new CaptureDesk(CaptureLimits.DEFAULT, CaptureHttpTest::nowUnixNs);
    private Javalin server;

    private static long nowUnixNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @BeforeEach
    void start() {
        CaptureRoutes routes = new CaptureRoutes(desk);
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    routes.register(config.routes);
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        desk.close();
        server.stop();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(LIMIT);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return http.send(request(path).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> waiting(String query) {
        return http.sendAsync(request("/ingest/v1/commands?" + query).build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void twoHundredAgentsWaitAndThoseThatAreChosenAreToldAtOnce() throws Exception {
        // Given more agents than the server has threads
        List<CompletableFuture<HttpResponse<String>>> agents = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            agents.add(waiting("service=orders&instance=o-" + i + "&wait=25"));
        }
        await().atMost(LIMIT).until(() -> desk.status().agents() == 200);

        // When somebody asks for traces
        HttpResponse<String> asked = post("/ingest/v1/captures?service=orders&agents=32&seconds=3&reason=why");

        // Then so many have their command, and the others go on waiting until the server ends, which they do not hold
        // up
        assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
        JsonNode capture = json(asked);
        assertThat(asked.headers().firstValue("Location"))
                .contains(capture.path("href").asText());
        assertThat(capture.path("asked").asInt()).isEqualTo(32);
        await().atMost(LIMIT)
                .until(() -> agents.stream().filter(CompletableFuture::isDone).count() == 32);
        HttpResponse<String> told = agents.get(0).get();
        assertThat(json(told))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"id\":\"" + capture.path("id").asText()
                                + "\",\"action\":\"capture\",\"seconds\":3,\"reason\":\"why\"}"));
        long beganNs = System.nanoTime();
        stop();
        assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aCaptureCanBeFollowed() throws Exception {
        CompletableFuture<HttpResponse<String>> agent = waiting("service=orders&instance=o-1&namespace=shop&wait=25");
        await().atMost(LIMIT).until(() -> desk.status().agents() == 1);

        String id = json(post("/ingest/v1/captures?service=orders&namespace=shop&instance=o-1&seconds=0"))
                .path("id")
                .asText();
        assertThat(agent.get().statusCode()).isEqualTo(200);
        assertThat(get("/ingest/v1/commands?service=orders&instance=o-1&namespace=shop&wait=0&took=" + id)
                        .statusCode())
                .isEqualTo(204);
        desk.pushed(new AgentKey("shop", "orders", "o-1"), id, 0, new Accepted(3, 30, "abc"));

        JsonNode capture = json(get("/ingest/v1/captures/" + id));
        assertThat(capture.path("state").asText()).isEqualTo("open");
        assertThat(capture.path("generations").asInt()).isEqualTo(3);
        assertThat(capture.at("/agents/0/state").asText()).isEqualTo("arriving");
        assertThat(capture.at("/agents/0/capture").asText()).isEqualTo("abc");
        assertThat(json(get("/ingest/v1/captures")).at("/items/0/id").asText()).isEqualTo(id);
        HttpResponse<String> second = post("/ingest/v1/captures?service=orders&namespace=shop");
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(json(second).path("running").asText()).isEqualTo(id);
    }

    @Test
    void nobodyToAskIsAProblemDocument() throws Exception {
        HttpResponse<String> answer = post("/ingest/v1/captures?service=orders");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(json(answer).path("reason").asText()).isEqualTo("no_agent");
        assertThat(json(get("/ingest/v1/captures/0123456789abcdef"))
                        .path("reason")
                        .asText())
                .isEqualTo("unknown_capture");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "service=",
                "service=%0a",
                "service=a&seconds=61",
                "service=a&seconds=-1",
                "service=a&seconds=99999999999",
                "service=a&agents=0",
                "service=a&agents=33",
                "service=a&reason=two%20words",
                "service=a&instance=%20b"
            })
    void aWishThatIsNoneIsRefused(String query) throws Exception {
        HttpResponse<String> answer = post("/ingest/v1/captures?" + query);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json(answer).path("reason").asText()).isEqualTo("bad_parameter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service=a",
                "service=a&instance=b&wait=x",
                "service=a&instance=b&took=..%2f",
                "service=a&instance=b&took=c1&refused=Not%20A%20Word"
            })
    void aQuestionThatIsNoneIsRefused(String query) throws Exception {
        assertThat(get("/ingest/v1/commands?" + query).statusCode()).isEqualTo(400);
    }
}
