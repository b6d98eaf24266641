package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class RootSumsTest {
    private static final String LOCK =
            "{\"kind\":\"waiting\",\"reason\":\"sync\",\"function\":\"main.load\",\"file\":\"a.go\",\"line\":7,"
                    + "\"requests\":%d,\"explained_ns\":%d}";
    private static final String CALL =
            "{\"kind\":\"waiting\",\"reason\":\"select\",\"function\":\"%s\",\"file\":\"a.go\",\"line\":9,"
                    + "\"peer\":\"stock:80\",\"requests\":1,\"explained_ns\":50}";

    private static String window(String route, int count, String... roots) {
        return "{\"route\":\"" + route + "\",\"count\":" + count
                + ",\"split\":{\"running_ns\":100,\"blocked_ns\":{\"sync\":150,\"select\":50}},\"roots\":["
                + String.join(",", roots) + "]}";
    }

    private static JsonNode sums(String... windows) throws Exception {
        return RootSums.of(new ObjectMapper().readTree("[" + String.join(",", windows) + "]"));
    }

    @Test
    void oneRootIsSummedUpOverWindowsAndRoutes() throws Exception {
        // When
        JsonNode sums = sums(
                window("GET /a", 10, LOCK.formatted(3, 120), CALL.formatted("main.a")),
                window("GET /b", 10, LOCK.formatted(2, 60), CALL.formatted("main.b")),
                "{\"an\":\"older window\"}");
        // Then
        assertThat(sums).hasSize(2);
        assertThat(sums.get(0).toString())
                .isEqualTo(
                        "{\"kind\":\"waiting\",\"reason\":\"sync\",\"function\":\"main.load\",\"file\":\"a.go\",\"line\":7,"
                                + "\"requests\":5,\"of_requests\":20,\"explained_ns\":180,\"of_ns\":600,\"time_permille\":300,"
                                + "\"route_count\":2,\"routes\":[\"GET /a\",\"GET /b\"]}");
        assertThat(sums.get(1).get("peer").asText()).isEqualTo("stock:80");
        assertThat(sums.get(1).get("requests").asInt()).isEqualTo(2);
    }
}
