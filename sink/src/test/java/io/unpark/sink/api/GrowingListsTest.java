package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.store.jdbc.TestDatabase;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever follows {@code next} sees each thing once that was there when they began, whatever comes in between. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.unpark.sink.store.jdbc.TestDatabase#all")
final class GrowingListsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THERE = 40;

    @Parameter
    TestDatabase database;

    private final Random random = new Random(11);
    private SampleServer server;
    private int written;

    @BeforeEach
    void start() {
        server = new SampleServer(database.empty());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 39})
    void anomalies(int limit) throws Exception {
        List<String> expected = fill();

        List<String> found = follow("/api/v1/anomalies?limit=" + limit, "items", item -> text(item, "id"));

        assertThat(found).doesNotHaveDuplicates().containsAll(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 39})
    void services(int limit) throws Exception {
        List<String> expected =
                fill().stream().map(id -> "service-" + id.substring(1)).toList();

        List<String> found = follow("/api/v1/services?limit=" + limit, "items", item -> text(item, "service"));

        assertThat(found).doesNotHaveDuplicates().containsAll(expected).isSorted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "1m"})
    void windows(String step) throws Exception {
        fill();
        server.storage.rollUps().run(() -> true);
        String path = "/api/v1/services/busy/windows?since=2026-01-01T00:00:00Z&limit=3&step=" + step;
        List<String> items = all(path, "items", JsonNode::toString);
        List<String> routes = all(path, "routes", JsonNode::toString);

        List<String> found = follow(path, "items", JsonNode::toString);
        List<String> foundRoutes = follow(path, "routes", JsonNode::toString);

        assertThat(found).doesNotHaveDuplicates().containsAll(items).hasSizeGreaterThan(3);
        assertThat(foundRoutes).doesNotHaveDuplicates().containsAll(routes).hasSizeGreaterThan(3);
    }

    @Test
    void aCursorOfAnotherListIsRefused() throws Exception {
        fill();
        String services = text(page("/api/v1/services?limit=1"), "next");
        String raw = text(page("/api/v1/services/busy/windows?limit=1"), "next");

        for (String path : List.of(
                "/api/v1/anomalies?cursor=" + services,
                "/api/v1/anomalies?order=worst&cursor=" + services,
                "/api/v1/services?cursor=" + raw,
                "/api/v1/services/busy/windows?step=1m&cursor=" + raw,
                "/api/v1/services/busy/windows?cursor=bm9wZQ")) {
            HttpResponse<String> answer = server.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(400);
            assertThat(JSON.readTree(answer.body()).path("parameter").asText()).isEqualTo("cursor");
        }
    }

    @Test
    void theWorstComeInPagesToo() throws Exception {
        List<String> there = fill();

        List<String> found = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = page("/api/v1/anomalies?order=worst&limit=7&open=true&cursor=" + cursor);
            page.path("items").forEach(item -> found.add(text(item, "id")));
            assertThat(page.at("/open/0/count").asInt()).isEqualTo(THERE);
            cursor = page.path("next").asText("");
        } while (!cursor.isEmpty() && !cursor.equals("null"));

        assertThat(found).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(there);
    }

    /** All pages, while things are written between them. */
    private List<String> follow(String path, String list, Function<JsonNode, String> name) throws Exception {
        List<String> found = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = page(path + "&cursor=" + cursor);
            page.path(list).forEach(item -> found.add(name.apply(item)));
            cursor = page.path("next").asText("");
            write(random.nextInt(5) + 1_000 + found.size());
        } while (!cursor.isEmpty() && !cursor.equals("null"));
        return found;
    }

    private List<String> all(String path, String list, Function<JsonNode, String> name) throws Exception {
        List<String> found = new ArrayList<>();
        page(path.replace("limit=3", "limit=5000")).path(list).forEach(item -> found.add(name.apply(item)));
        return found;
    }

    private List<String> fill() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < THERE; i++) {
            write(i);
            ids.add("a%04d".formatted(i));
        }
        return ids;
    }

    /** An anomaly of a service of its own, an older one again, and windows of a service that is busy. */
    private void write(int number) throws Exception {
        List<Anomaly> anomalies = new ArrayList<>();
        for (int i : List.of(number, random.nextInt(THERE))) {
            anomalies.add(Samples.anomaly("a%04d".formatted(i), "service-%04d".formatted(i), "data_race")
                    .build());
        }
        List<RuntimeWindow> runtime = new ArrayList<>();
        List<RouteWindow> routes = new ArrayList<>();
        // Two of a time, and minutes of all together.
        long generation = written / 2 * 20L;
        runtime.add(RuntimeWindow.newBuilder(Samples.runtimeWindow("busy", generation))
                .setCapture("c" + written)
                .build());
        routes.add(Samples.routeWindow("busy", generation, "GET /" + written).build());
        written++;
        server.write(TestRows.of(anomalies, runtime, routes, List.of(), server.nowMs()));
    }

    private JsonNode page(String path) throws Exception {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static String text(JsonNode item, String field) {
        return item.path(field).asText();
    }
}
