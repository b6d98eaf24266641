package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.unpark.schemas.record.Frame;
import io.unpark.schemas.record.ProfileEntry;
import io.unpark.schemas.record.StackProfile;
import io.unpark.sink.ProfileSamples;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.consume.TestStatus;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.jdbc.JdbcStorage;
import io.unpark.sink.web.RequestSamples;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flame graphs over real HTTP. */
class FlameApiTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T00:01:00Z"), ZoneOffset.UTC);
    private static final long MS = 1_000_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private JdbcStorage storage;
    private Javalin server;

    @BeforeEach
    void start() throws Exception {
        storage = new JdbcStorage(StorageConfig.inMemory("flames"));
        storage.start();
        storage.anomalyStore()
                .write(TestRows.of(
                        List.of(Samples.anomaly("a1", "orders", "slow_request").build()),
                        List.of(Samples.runtimeWindow("orders", 20).build()),
                        List.of(),
                        List.of(),
                        CLOCK.millis()));
        SinkRoutes routes = new SinkRoutes(
                storage,
                TestStatus.afterTwoRecords(CLOCK),
                () -> new StateRule(CLOCK.millis(), 600_000),
                List::of,
                Map::of,
                CLOCK);
        server = Javalin.create(routes::register).start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop();
        storage.close();
    }

    @Test
    void addsUpAServicesStacksFromTheOutside() throws Exception {
        write(ProfileSamples.second("orders", "v1", 1, 300), ProfileSamples.second("orders", "v1", 2, 100));

        JsonNode body = json("services/orders/flame", 200);

        assertThat(body.get("total_ns").asLong()).isEqualTo(2_330 * MS);
        assertThat(body.get("other_ns").asLong()).isEqualTo(6 * MS);
        assertThat(body.get("covered_ns").asLong()).isEqualTo(2_000 * MS);
        assertThat(body.at("/routes/0/route").asText()).isEqualTo("POST /orders");
        assertThat(body.at("/routes/0/ns").asLong()).isEqualTo(640 * MS);
        assertThat(body.get("versions").toString()).isEqualTo("[\"v1\"]");
        JsonNode lock = path(
                body.get("tree"),
                "net/http.(*conn).serve",
                "net/http.serverHandler.ServeHTTP",
                "net/http.(*ServeMux).ServeHTTP",
                "example.com/shop/orders.(*Server).create",
                ProfileSamples.LOCK);
        assertThat(lock.get("ns").asLong()).isEqualTo(400 * MS);
        assertThat(lock.get("own").asBoolean()).isTrue();
        assertThat(lock.get("line").asInt()).isEqualTo(41);
        JsonNode end = path(lock, "sync.(*Mutex).Lock", "sync.runtime_SemacquireMutex", "sync mutex lock");
        assertThat(end.get("reason").asBoolean()).isTrue();
        assertThat(end.get("count").asInt()).isEqualTo(8);
    }

    @Test
    void selectsByRouteAndKind() throws Exception {
        write(ProfileSamples.second("orders", "v1", 1, 300));

        assertThat(total("route=POST%20/orders")).isEqualTo(420 * MS);
        assertThat(total("route=*")).isEqualTo(465 * MS);
        assertThat(total("kind=cpu")).isEqualTo(170 * MS);
        assertThat(total("kind=cpu&route=*")).isEqualTo(120 * MS);
        assertThat(total("route=GET%20/nothing")).isZero();
        assertThat(total("since=2026-11-23T00:00:30Z")).isZero();
    }

    @Test
    void comparesTwoVersions() throws Exception {
        write(ProfileSamples.second("orders", "v1", 1, 300), ProfileSamples.second("orders", "v2", 2, 10));

        JsonNode body = json("services/orders/flame?route=*&version=v2&against=v1", 200);

        assertThat(body.get("total_ns").asLong()).isEqualTo(175 * MS);
        assertThat(body.at("/against/total_ns").asLong()).isEqualTo(465 * MS);
        assertThat(body.at("/against/version").asText()).isEqualTo("v1");
        JsonNode server = path(body.get("tree"), "net/http.(*conn).serve");
        assertThat(server.get("ns").asLong()).isEqualTo(175 * MS);
        assertThat(server.get("against_ns").asLong()).isEqualTo(465 * MS);
    }

    @Test
    void comparesTwoTimes() throws Exception {
        write(ProfileSamples.second("orders", "v1", 1, 300), ProfileSamples.second("orders", "v1", 11, 10));

        JsonNode body = json(
                "services/orders/flame?route=*&since=2026-11-23T00:00:10Z"
                        + "&against=2026-11-23T00:00:00Z/2026-11-23T00:00:10Z",
                200);

        assertThat(body.get("total_ns").asLong()).isEqualTo(175 * MS);
        assertThat(body.at("/against/total_ns").asLong()).isEqualTo(465 * MS);
        assertThat(body.at("/against/until").asText()).startsWith("2026-11-23T00:00:10");
    }

    @Test
    void anAnswerIsBounded() throws Exception {
        // Given: 500 stacks of 60 functions that have nothing in common
        List<ProfileEntry> entries = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            List<Frame> frames = new ArrayList<>();
            for (int depth = 0; depth < 60; depth++) {
                frames.add(new Frame("main.f" + i + "_" + depth, "/src/main.go", depth));
            }
            entries.add(ProfileSamples.entry("GET /a", "select", 1_000 + i, frames));
        }
        write(StackProfile.newBuilder(ProfileSamples.second("orders", "v1", 1, 1))
                .setEntries(entries)
                .build());
        // When
        JsonNode body = json("services/orders/flame", 200);
        // Then
        assertThat(nodes(body.get("tree"))).isBetween(1_500, 2_000);
        assertThat(body.at("/tree/cut").asInt()).isPositive();
        assertThat(body.at("/tree/children/0/name").asText()).isEqualTo("main.f499_59");
        assertThat(body.toString().length()).isLessThan(1 << 20);
    }

    @Test
    void aRequestsOwnWaits() throws Exception {
        storage.anomalyStore()
                .write(TestRows.of(
                        List.of(), List.of(), List.of(), List.of(RequestSamples.twoServices()), CLOCK.millis()));

        JsonNode body = json("requests/" + RequestSamples.ID + "/flame", 200);

        assertThat(body.get("total_ns").asLong()).isEqualTo(537 * MS);
        JsonNode end = path(
                body.get("tree"), "orders POST /orders", ProfileSamples.LOCK, "sync.(*Mutex).Lock", "sync mutex lock");
        assertThat(end.get("ns").asLong()).isEqualTo(260 * MS);
        assertThat(json("requests/nobody/flame", 404).get("detail").asText()).contains("nobody");
    }

    @Test
    void anAnomalyWithoutSliceShowsItsServiceWhenItWasSeen() throws Exception {
        write(ProfileSamples.second("orders", "v1", 1, 300), ProfileSamples.second("orders", "v1", 500, 300));

        JsonNode body = json("anomalies/a1/flame?route=POST%20/orders", 200);

        assertThat(body.get("source").asText()).isEqualTo("windows");
        assertThat(body.get("why").asText()).contains("No execution trace lies behind this anomaly");
        assertThat(body.get("total_ns").asLong()).isEqualTo(420 * MS);
        json("anomalies/nobody/flame", 404);
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        assertThat(json("services/orders/flame?kind=heap", 400).get("detail").asText())
                .contains("blocked, cpu");
        assertThat(json("services/orders/flame?against=1d/2d", 400)
                        .get("detail")
                        .asText())
                .contains("before it ends");
        json("services/orders/flame?since=2026-11-23T00:00:30Z&until=2026-11-23T00:00:30Z", 400);
        json("services/orders/flame?until=1971-01-01T00:00:00Z&since=-292275055-01-01T00:00:00Z", 400);
        assertThat(json("services/nobody/flame", 404).get("detail").asText()).contains("nobody");
    }

    private static JsonNode path(JsonNode from, String... names) {
        JsonNode at = from;
        for (String name : names) {
            JsonNode found = null;
            for (JsonNode child : at.path("children")) {
                found = child.path("name").asText().equals(name) ? child : found;
            }
            assertThat(found)
                    .as(name + " in " + at.path("children").findValuesAsText("name"))
                    .isNotNull();
            at = found;
        }
        return at;
    }

    private static int nodes(JsonNode node) {
        int count = 1;
        for (JsonNode child : node.path("children")) {
            count += nodes(child);
        }
        return count;
    }

    private long total(String query) throws Exception {
        return json("services/orders/flame?" + query, 200).get("total_ns").asLong();
    }

    private void write(StackProfile... profiles) throws Exception {
        List<StackProfile> shuffled = new ArrayList<>(List.of(profiles));
        Collections.reverse(shuffled);
        storage.anomalyStore().write(TestRows.ofProfiles(shuffled, CLOCK.millis()));
    }

    private JsonNode json(String path, int status) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/api/v1/" + path);
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new ObjectMapper().readTree(answer.body());
    }
}
