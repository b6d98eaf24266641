package io.unpark.sink.consume;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.json.UtcTime;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.CauseStep;
import io.unpark.schemas.record.Confidence;
import io.unpark.schemas.record.Place;
import io.unpark.schemas.record.Severity;
import io.unpark.sink.store.AnomalyRow;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Anomalies to rows. The document has the fields of {@code io.unpark.analysis.json.AnomalyJson}, but is made from the
 * record: a sink must show kinds that only a later version of the analysis knows, for which there is no constant here.
 */
final class AnomalyRows {
    private AnomalyRows() {}

    static AnomalyRow of(Anomaly record, long arrivedMs) throws BadRecordException {
        return new AnomalyRow(
                TextLimits.id("id", record.getId()),
                TextLimits.name("namespace", record.getInstance().getNamespace()),
                TextLimits.name("service", record.getInstance().getService()),
                TextLimits.kind(record.getKind()),
                severity(record.getSeverity()),
                confidence(record.getConfidence()),
                record.getCount(),
                record.getFirstSeenNs(),
                record.getLastSeenNs(),
                arrivedMs,
                TextLimits.id("worst_finding_id", record.getWorstFindingId()),
                slices(record),
                TextLimits.document(document(record).toString()));
    }

    /** A severity that only a later version knows is the least: no more is claimed than is understood. */
    private static String severity(Severity severity) {
        return switch (severity) {
            case UNKNOWN, INFO -> "info";
            case WARNING -> "warning";
            case CRITICAL -> "critical";
        };
    }

    private static String confidence(Confidence confidence) {
        return switch (confidence) {
            case UNKNOWN, POSSIBLE -> "possible";
            case LIKELY -> "likely";
            case CERTAIN -> "certain";
        };
    }

    /** Files (no topic) cannot be read again, so they are no slices. */
    private static List<ChunkRef> slices(Anomaly record) {
        return record.getSlices().stream()
                .filter(ref -> !ref.getTopic().isEmpty() && ref.getPartition() >= 0 && ref.getOffset() >= 0)
                .map(ref -> new ChunkRef(
                        ref.getTopic(), ref.getPartition(), ref.getOffset(), ref.getCapture(), ref.getGeneration()))
                .toList();
    }

    static ObjectNode document(Anomaly record) throws BadRecordException {
        ObjectNode json = Json.object();
        putIdentity(json, record);
        json.put("severity", severity(record.getSeverity()));
        json.put("confidence", confidence(record.getConfidence()));
        json.put("count", record.getCount());
        putTime(json, "first_seen", record.getFirstSeenNs());
        putTime(json, "last_seen", record.getLastSeenNs());
        json.put("summary", record.getSummary());
        ObjectNode evidence = json.putObject("evidence");
        for (Map.Entry<String, Object> fact : new TreeMap<>(record.getEvidence()).entrySet()) {
            Json.put(evidence, fact.getKey(), fact.getValue());
        }
        putCause(json.putArray("cause"), record.getCause());
        json.putObject("advice")
                .put("fix", record.getAdvice().getFix())
                .put("next_tool", record.getAdvice().getNextTool())
                .put("doc", record.getAdvice().getDoc());
        json.put("namespace", record.getInstance().getNamespace());
        return json;
    }

    private static void putIdentity(ObjectNode json, Anomaly record) {
        Place place = record.getPlace();
        json.put("id", record.getId());
        json.put("kind", record.getKind());
        json.put("service", record.getInstance().getService());
        json.put("instance", record.getInstance().getName());
        json.put("site", place.getSite());
        json.put("file", place.getFile());
        json.put("line", place.getLine());
        Json.unlessEmpty(json, "creation_site", place.getCreationSite());
        Json.unlessEmpty(json, "route", place.getRoute());
    }

    private static void putTime(ObjectNode json, String name, long unixNs) {
        if (unixNs != 0) {
            json.put(name, UtcTime.text(unixNs));
        }
    }

    private static void putCause(ArrayNode cause, List<CauseStep> steps) {
        for (CauseStep step : steps) {
            ObjectNode json = cause.addObject();
            Json.unlessEmpty(json, "service", step.getService());
            Json.unlessEmpty(json, "route", step.getRoute());
            json.put("what", step.getWhat());
            Json.unlessEmpty(json, "reason", step.getReason());
            Json.unlessEmpty(json, "function", step.getFunction());
            Json.unlessEmpty(json, "file", step.getFile());
            if (step.getLine() > 0) {
                json.put("line", step.getLine());
            }
            json.put("duration_ns", step.getDurationNs());
            if (step.getSharePermille() > 0) {
                json.put("depth", step.getDepth());
                json.put("total_ns", step.getTotalNs());
                json.put("share_permille", step.getSharePermille());
            }
        }
    }
}
