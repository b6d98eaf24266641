package io.unpark.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.schemas.record.Frame;
import io.unpark.schemas.record.RouteRoot;
import io.unpark.schemas.record.SlowRequest;
import io.unpark.sink.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowRowsTest {
    @Test
    void aRoutesRootsAndSlowestRequestsAreShown() throws Exception {
        // Given
        var window = Samples.routeWindow("orders", 3, "GET /a")
                .setRoots(List.of(
                        new RouteRoot("waiting", "select", new Frame("main.f", "a.go", 7), 5L, 90L, "stock:80")))
                .setSlowest(List.of(new SlowRequest("4bf9", 80L)))
                .build();
        // When
        JsonNode json = new ObjectMapper().readTree(WindowRows.of(window, 1).document());
        // Then
        assertThat(json.get("roots").toString())
                .isEqualTo("[{\"kind\":\"waiting\",\"reason\":\"select\",\"function\":\"main.f\",\"file\":\"a.go\","
                        + "\"line\":7,\"peer\":\"stock:80\",\"requests\":5,\"explained_ns\":90}]");
        assertThat(json.get("slowest").toString()).isEqualTo("[{\"request\":\"4bf9\",\"duration_ns\":80}]");
    }
}
