package io.unpark.app.capture;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A capture as its collector tells it.
 *
 * @param id of the capture
 * @param open whether more may come
 * @param agents at least one
 */
public record CaptureView(String id, boolean open, List<Agent> agents) {
    /** One process's part of it; {@code detail} is empty when all is well. */
    public record Agent(
            String instance, String state, String detail, long generations, long bytes, String traceCapture) {
        public boolean hasArrived() {
            return generations > 0;
        }
    }

    public CaptureView {
        agents = List.copyOf(agents);
    }

    static CaptureView of(JsonNode body) {
        List<Agent> agents = new ArrayList<>();
        for (JsonNode it : body.path("agents")) {
            agents.add(new Agent(
                    it.path("instance").asText(),
                    it.path("state").asText(),
                    it.path("detail").asText(),
                    it.path("generations").asLong(),
                    it.path("bytes").asLong(),
                    it.path("capture").asText()));
        }
        return new CaptureView(
                body.path("id").asText(), body.path("state").asText().equals("open"), agents);
    }
}
