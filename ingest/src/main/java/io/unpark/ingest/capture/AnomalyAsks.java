package io.unpark.ingest.capture;

import io.unpark.ingest.capture.CaptureWish.AskedBy;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Confidence;
import io.unpark.schemas.record.Severity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Decides whether an anomaly asks for a trace, and asks. Thread-safe. */
final class AnomalyAsks {
    private static final Duration HOUR = Duration.ofHours(1);

    private final CaptureDesk desk;
    private final AskLimits limits;
    private final LongSupplier nowUnixNs;
    private final Map<String, Long> anomalyNotBeforeNs = new LinkedHashMap<>();
    private final Map<String, Long> serviceNotBeforeNs = new LinkedHashMap<>();
    private final Deque<Long> lastHourNs = new ArrayDeque<>();
    private final Map<String, Long> outcomes = new TreeMap<>();

    AnomalyAsks(CaptureDesk desk, AskLimits limits, LongSupplier nowUnixNs) {
        this.desk = desk;
        this.limits = limits;
        this.nowUnixNs = nowUnixNs;
    }

    /** Takes an anomaly's newest record; tells by a word what was done. */
    synchronized String see(Anomaly anomaly) {
        String outcome = decide(anomaly, nowUnixNs.getAsLong());
        outcomes.merge(outcome, 1L, Long::sum);
        return outcome;
    }

    /** How often what was done, by word. */
    synchronized Map<String, Long> outcomes() {
        return new TreeMap<>(outcomes);
    }

    private String decide(Anomaly anomaly, long nowNs) {
        String service = anomaly.getInstance().getNamespace() + "\n"
                + anomaly.getInstance().getService();
        if (!NextTrace.isFor(anomaly.getKind())) {
            return "other_tool";
        }
        if (anomaly.getSeverity().compareTo(Severity.WARNING) < 0
                || anomaly.getConfidence().compareTo(Confidence.LIKELY) < 0) {
            return "weak";
        }
        if (nowNs - anomaly.getLastSeenNs() > limits.recent().toNanos()) {
            return "history";
        }
        if (nowNs < anomalyNotBeforeNs.getOrDefault(anomaly.getId(), Long.MIN_VALUE)) {
            return "asked_before";
        }
        if (nowNs < serviceNotBeforeNs.getOrDefault(service, Long.MIN_VALUE)) {
            return "service_pause";
        }
        while (!lastHourNs.isEmpty() && nowNs - lastHourNs.peek() > HOUR.toNanos()) {
            lastHourNs.remove();
        }
        if (lastHourNs.size() >= limits.perHour()) {
            return "hourly_limit";
        }
        return ask(anomaly, service, nowNs);
    }

    private String ask(Anomaly anomaly, String service, long nowNs) {
        try {
            desk.ask(wish(anomaly));
        } catch (CaptureRefusedException e) {
            remember(serviceNotBeforeNs, service, nowNs + limits.retry().toNanos());
            return e.refusal().key();
        }
        lastHourNs.add(nowNs);
        remember(
                anomalyNotBeforeNs,
                anomaly.getId(),
                nowNs + limits.anomalyPause().toNanos());
        remember(serviceNotBeforeNs, service, nowNs + limits.servicePause().toNanos());
        return "asked";
    }

    /** The worst example's process; if that is gone or busy, another one of the service. */
    private CaptureWish wish(Anomaly anomaly) {
        CaptureWish any = new CaptureWish(
                anomaly.getInstance().getNamespace(),
                anomaly.getInstance().getService(),
                Optional.empty(),
                1,
                limits.seconds(),
                "anomaly:" + anomaly.getKind(),
                AskedBy.ANOMALY);
        return desk.preferring(any, anomaly.getInstance().getName());
    }

    private void remember(Map<String, Long> notBefore, String key, long untilNs) {
        notBefore.remove(key);
        notBefore.put(key, untilNs);
        if (notBefore.size() > limits.maxRemembered()) {
            notBefore.remove(notBefore.keySet().iterator().next());
        }
    }
}
