package io.unpark.analysis.json;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The JSON object of one anomaly, as {@code analyze --format jsonl} prints it and the HTTP API answers it: one line, keys in
 * the documented order. Left out when they do not apply: {@code input}, {@code creation_site}, {@code route}, the two times of
 * a trace without a wall clock, and empty fields of a step of the cause.
 */
public final class AnomalyJson {
    private AnomalyJson() {}

    /** One line, without its end. */
    public static String line(Anomaly anomaly) {
        StringBuilder out = new StringBuilder(1024);
        try {
            write(out, anomaly, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder does not fail", e);
        }
        return out.toString();
    }

    /**
     * Writes the object.
     *
     * @param extra text fields that come last, in the map's order, such as {@code namespace} and {@code state}
     * @throws IOException from {@code out}
     */
    public static void write(Appendable out, Anomaly anomaly, Map<String, String> extra) throws IOException {
        JsonWriter json = new JsonWriter(out);
        json.beginObject();
        writeIdentity(json, anomaly);
        writeVerdict(json, anomaly);
        json.name("evidence");
        json.object(anomaly.evidence().values());
        writeCause(json, anomaly.cause());
        writeAdvice(json, anomaly.advice());
        for (Map.Entry<String, String> field : extra.entrySet()) {
            json.field(field.getKey(), field.getValue());
        }
        json.endObject();
    }

    private static void writeIdentity(JsonWriter json, Anomaly anomaly) throws IOException {
        Place place = anomaly.place();
        json.field("id", anomaly.id());
        json.field("kind", anomaly.kind().id());
        json.field("service", anomaly.instance().service());
        json.field("instance", anomaly.instance().name());
        json.fieldUnlessEmpty("input", anomaly.input());
        json.field("site", place.site());
        json.field("file", place.file());
        json.field("line", place.line());
        json.fieldUnlessEmpty("creation_site", place.creationSite());
        json.fieldUnlessEmpty("route", place.route());
    }

    private static void writeVerdict(JsonWriter json, Anomaly anomaly) throws IOException {
        json.field("severity", anomaly.severity().id());
        json.field("confidence", anomaly.confidence().id());
        json.field("count", anomaly.count());
        if (anomaly.firstSeenNs() != 0) {
            json.field("first_seen", UtcTime.text(anomaly.firstSeenNs()));
        }
        if (anomaly.lastSeenNs() != 0) {
            json.field("last_seen", UtcTime.text(anomaly.lastSeenNs()));
        }
        json.field("summary", anomaly.summary());
    }

    private static void writeCause(JsonWriter json, List<CauseStep> cause) throws IOException {
        json.name("cause");
        json.beginList();
        for (CauseStep step : cause) {
            json.item();
            json.beginObject();
            json.fieldUnlessEmpty("service", step.service());
            json.fieldUnlessEmpty("route", step.route());
            json.field("what", step.what());
            json.fieldUnlessEmpty("reason", step.reason());
            json.fieldUnlessEmpty("function", step.function());
            json.fieldUnlessEmpty("file", step.file());
            if (step.line() > 0) {
                json.field("line", step.line());
            }
            json.field("duration_ns", step.durationNs());
            if (step.sharePermille() > 0) {
                json.field("depth", step.depth());
                json.field("total_ns", step.totalNs());
                json.field("share_permille", step.sharePermille());
            }
            json.endObject();
        }
        json.endList();
    }

    private static void writeAdvice(JsonWriter json, Advice advice) throws IOException {
        json.name("advice");
        json.beginObject();
        json.field("fix", advice.fix());
        json.field("next_tool", advice.nextTool());
        json.field("doc", advice.doc());
        json.endObject();
    }
}
