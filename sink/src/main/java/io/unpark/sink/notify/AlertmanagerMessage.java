package io.unpark.sink.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.sink.store.Notice;
import io.unpark.sink.store.NoticeChange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The body of {@code POST /api/v2/alerts}. An alert's labels are its identity there, so all of them stand from its opening to its
 * end, but the severity: a raised one is another alert, and ends the one before.
 */
final class AlertmanagerMessage {
    static final Set<String> OWN_LABELS = Set.of("alertname", "kind", "namespace", "service", "severity", "anomaly");

    /** Alertmanager forgets an alert that nobody tells it of for so many times the interval at which we do. */
    private static final int HOLDS_RESENDS = 12;

    private AlertmanagerMessage() {}

    static byte[] body(ReceiverConfig receiver, Optional<URI> externalUrl, List<Notice> notices, long nowMs) {
        long holdsMs = nowMs + HOLDS_RESENDS * receiver.resend().toMillis();
        ArrayNode alerts = Messages.JSON.createArrayNode();
        for (Notice notice : notices) {
            if (notice.change() == NoticeChange.SEVERITY_RAISED) {
                alert(alerts, receiver, externalUrl, notice, notice.severityBefore(), notice.createdMs());
            }
            long endsMs = notice.change() == NoticeChange.RESOLVED ? notice.createdMs() : holdsMs;
            alert(alerts, receiver, externalUrl, notice, notice.severity(), endsMs);
        }
        return alerts.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void alert(
            ArrayNode alerts,
            ReceiverConfig receiver,
            Optional<URI> externalUrl,
            Notice notice,
            String severity,
            long endsMs) {
        ObjectNode alert = alerts.addObject();
        ObjectNode labels = alert.putObject("labels");
        receiver.labels().forEach(labels::put);
        labels.put("alertname", "Unpark_" + notice.kind());
        labels.put("kind", notice.kind());
        labels.put("namespace", notice.namespace());
        labels.put("service", notice.service());
        labels.put("severity", severity);
        labels.put("anomaly", notice.anomalyId());
        annotations(alert.putObject("annotations"), Messages.anomaly(notice));
        alert.put("startsAt", Messages.time(Math.min(notice.sinceMs(), endsMs)));
        alert.put("endsAt", Messages.time(endsMs));
        Messages.link(externalUrl, notice).ifPresent(link -> alert.put("generatorURL", link));
    }

    private static void annotations(ObjectNode annotations, JsonNode anomaly) {
        annotations.put("summary", anomaly.path("summary").asText());
        annotations.put(
                "where",
                anomaly.path("site").asText() + " "
                        + anomaly.path("file").asText() + ":"
                        + anomaly.path("line").asText());
        annotations.put("fix", anomaly.at("/advice/fix").asText());
        annotations.put("instance", anomaly.path("instance").asText());
        annotations.put("count", anomaly.path("count").asText());
        annotations.put("confidence", anomaly.path("confidence").asText());
        if (anomaly.hasNonNull("route")) {
            annotations.put("route", anomaly.path("route").asText());
        }
    }
}
