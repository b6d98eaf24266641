package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.sink.Samples;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two versions side by side, and the overview, over real HTTP. */
final class CompareApiTest extends SummaryApi {
    @Test
    void comparesTheLastTwoVersions() throws Exception {
        // Given: v2 leads to answers eight times as fast, one anomaly is gone, one is new, one stays
        write(
                List.of(
                        seen("gone", 0, 100, "orders-v1"),
                        seen("stays", 0, 4_000, "orders-v1", "orders-v2"),
                        seen("new", 3_660, 4_000, "orders-v2")),
                List.of(versioned("v1", 60), versioned("v2", 3_660)),
                List.of(versioned("v1", 60, 25), versioned("v2", 3_660, 22)),
                List.of());
        // When
        JsonNode answer = get("/api/v1/services/orders/compare");
        // Then
        assertThat(answer.path("a").path("version").asText()).isEqualTo("v1");
        assertThat(answer.path("b").path("version").asText()).isEqualTo("v2");
        JsonNode route = answer.path("routes").path(0);
        assertThat(route.path("a").path("p99_ns").asLong()).isEqualTo(1L << 26);
        assertThat(route.path("b").path("p99_ns").asLong()).isEqualTo(1L << 23);
        assertThat(route.path("b").path("mean_ns").asLong()).isEqualTo(210 / 120);
        assertThat(answer.path("anomalies").path("gone").findValuesAsText("id")).containsExactly("gone");
        assertThat(answer.path("anomalies").path("new").findValuesAsText("id")).containsExactly("new");
        assertThat(answer.path("anomalies").path("both").findValuesAsText("id")).containsExactly("stays");
        assertThat(answer.path("overlap").asBoolean()).isFalse();
    }

    @Test
    void comparesTwoTimes() throws Exception {
        // Given
        write(
                List.of(seen("gone", 0, 100, "orders-v1")),
                List.of(versioned("v1", 60), versioned("v1", 3_660)),
                List.of(versioned("v1", 60, 25), versioned("v1", 3_660, 22)),
                List.of());
        storage.rollUps().run(() -> true);
        // When
        JsonNode answer = get("/api/v1/services/orders/compare?namespace=shop"
                + "&a=2026-11-23T00:00:00Z/2026-11-23T01:00:00Z&b=1h/0s");
        // Then
        assertThat(answer.path("a").path("runtime").path("windows").asInt()).isEqualTo(1);
        assertThat(answer.path("a").path("step").asText()).isEqualTo("1m");
        assertThat(answer.path("routes").path(0).path("b").path("p99_ns").asLong())
                .isEqualTo(1L << 23);
        assertThat(answer.path("anomalies").path("gone").findValuesAsText("id")).containsExactly("gone");
    }

    @Test
    void theOverviewCountsAndNamesWhatIsNewAndWhatGrows() throws Exception {
        // Given
        long dayNs = 86_400 * Samples.SECOND_NS;
        write(
                List.of(Samples.anomaly("grows", "orders", "goroutine_leak")
                        .setFirstSeenNs(START_NS - 2 * dayNs)
                        .setLastSeenNs(START_NS - dayNs / 2)
                        .setCount(5)
                        .build()),
                List.of(window("orders", 1)),
                List.of(),
                List.of());
        write(
                List.of(
                        Samples.anomaly("grows", "orders", "goroutine_leak")
                                .setFirstSeenNs(START_NS - 2 * dayNs)
                                .setCount(50)
                                .build(),
                        Samples.anomaly("new", "orders", "data_race").build()),
                List.of(),
                List.of(),
                List.of());
        // When
        JsonNode overview = get("/api/v1/overview");
        // Then
        assertThat(overview.path("open").toString()).isEqualTo("{\"critical\":0,\"warning\":2,\"info\":0}");
        assertThat(overview.path("newest").findValuesAsText("id")).containsExactly("new", "grows");
        assertThat(overview.path("growing").findValuesAsText("id")).containsExactly("grows");
        assertThat(overview.path("growing").path(0).path("before").asInt()).isEqualTo(5);
        assertThat(overview.path("growing").path(0).path("counts")).hasSize(2);
        assertThat(overview.path("opened")).hasSize(48);
        assertThat(overview.path("opened").path(47).path("warning").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/graph?since=2026-11-23T00:00:00Z&until=2026-11-22T00:00:00Z",
                "/api/v1/graph?depth=3",
                "/api/v1/overview?all=true",
                "/api/v1/services/orders/compare?a=v9",
                "/api/v1/services/orders/compare?a=0s/1h"
            })
    void aWrongParameterIsNamed(String path) throws Exception {
        write(List.of(), List.of(window("orders", 1)), List.of(), List.of());

        HttpResponse<String> response = ask(path);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).path("parameter").asText()).isNotEmpty();
    }

    private static Anomaly seen(String id, long firstS, long lastS, String... instances) {
        return Samples.anomaly(id, "orders", "goroutine_leak")
                .setInstance(new Instance("shop", "orders", instances[0], "v1"))
                .setFirstSeenNs(START_NS + firstS * Samples.SECOND_NS)
                .setLastSeenNs(START_NS + lastS * Samples.SECOND_NS)
                .setEvidence(Map.of("instance_names", List.of(instances)))
                .build();
    }

    private static RuntimeWindow versioned(String version, long second) {
        return Samples.runtimeWindow("orders", second)
                .setInstance(new Instance("shop", "orders", "orders-" + version, version))
                .build();
    }

    private static RouteWindow versioned(String version, long second, int bucket) {
        return Samples.routeWindow("orders", second, "POST /orders")
                .setInstance(new Instance("shop", "orders", "orders-" + version, version))
                .setLatency(Samples.histogram(bucket, 120))
                .build();
    }
}
