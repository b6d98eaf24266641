package io.unpark.app.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.analysis.model.Anomaly;

/** What of an anomaly is shown to people; absent parts are "", an unknown line is 0. */
public record AnomalyLine(
        String severity,
        String kind,
        String service,
        String site,
        String file,
        int line,
        long count,
        String summary,
        String fix) {
    public static AnomalyLine of(Anomaly it) {
        return new AnomalyLine(
                it.severity().id(),
                it.kind().id(),
                it.instance().service(),
                it.place().site(),
                it.place().file(),
                it.place().line(),
                it.count(),
                it.summary(),
                it.advice().fix());
    }

    /** @param it an anomaly as {@code analyze} prints it and the API answers; a resolved one says so in place of its severity */
    public static AnomalyLine of(JsonNode it) {
        String severity = it.path("severity").asText();
        return new AnomalyLine(
                it.path("state").asText().equals("RESOLVED") ? "resolved" : severity,
                it.path("kind").asText(),
                it.path("service").asText(),
                it.path("site").asText(),
                it.path("file").asText(),
                it.path("line").asInt(),
                it.path("count").asLong(),
                it.path("summary").asText(),
                it.path("advice").path("fix").asText());
    }
}
