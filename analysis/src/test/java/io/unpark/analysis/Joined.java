package io.unpark.analysis;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.incident.IncidentFold;
import io.unpark.analysis.incident.IncidentState;
import io.unpark.analysis.incident.MemoryStore;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.request.RequestRules;
import io.unpark.analysis.request.RequestSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What comes after the instances: requests joined by id, findings folded by anomaly. */
public final class Joined {
    private final RequestRules rules;
    private final Map<String, RequestSet> requests = new HashMap<>();
    private final Map<String, IncidentState> incidents = new TreeMap<>();
    private final Map<String, MemoryStore> stores = new HashMap<>();

    public Joined(AnalysisConfig config) {
        this.rules = RequestRules.of(config);
    }

    /** The findings that a segment changes; they are not folded yet. */
    public List<Finding> segment(RequestSegment segment) {
        return requests.computeIfAbsent(segment.requestId(), id -> new RequestSet(rules))
                .change(segment);
    }

    public void finding(Finding finding) {
        MemoryStore store = stores.computeIfAbsent(finding.anomalyId(), id -> new MemoryStore());
        incidents.put(finding.anomalyId(), IncidentFold.apply(incidents.get(finding.anomalyId()), finding, store));
    }

    public void output(InstanceOutput output) {
        output.findings().forEach(this::finding);
        output.segments().forEach(segment -> segment(segment).forEach(this::finding));
    }

    /** What stands, ordered by id, without what is only possible. */
    public List<Anomaly> anomalies() {
        return incidents.values().stream()
                .flatMap(state -> state.anomaly().stream())
                .filter(anomaly -> anomaly.confidence() != Confidence.POSSIBLE)
                .toList();
    }

    /** What must be equal between two runs: all but where the bytes lie, and the words. */
    public static String identity(Anomaly a) {
        return String.join(
                " ",
                a.id(),
                a.kind().id(),
                a.place().toString(),
                a.severity().id(),
                a.confidence().id(),
                Long.toString(a.count()),
                Long.toString(a.firstSeenNs()),
                Long.toString(a.lastSeenNs()),
                a.instance().name(),
                a.evidence().values().toString());
    }
}
