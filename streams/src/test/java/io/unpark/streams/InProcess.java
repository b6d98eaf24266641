package io.unpark.streams;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.incident.FindingStore;
import io.unpark.analysis.incident.IncidentFold;
import io.unpark.analysis.incident.IncidentState;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceCorrelator;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.request.RequestRules;
import io.unpark.analysis.request.RequestSet;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.TraceFormatException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** The same analysis without Kafka: what the pipeline must agree with. */
final class InProcess {
    private final Map<String, InstanceCorrelator> correlators = new HashMap<>();
    private final Map<String, RequestSet> requests = new HashMap<>();
    private final Map<String, IncidentState> incidents = new TreeMap<>();
    private final Map<String, Findings> findings = new HashMap<>();

    /** Takes a whole generation. */
    void take(TraceChunk chunk) throws TraceFormatException {
        var instance = PartMapper.toDomain(chunk.getInstance());
        var correlator = correlators.computeIfAbsent(
                instance.name(), name -> new InstanceCorrelator(instance, AnalysisConfig.DEFAULTS));
        InstanceOutput output = correlator
                .process(new GenerationInput(
                        chunk.getGoMinor(),
                        chunk.getCapture(),
                        chunk.getSequence(),
                        chunk.getGeneration(),
                        chunk.getCapturedUnixNs(),
                        chunk.getClockErrorNs(),
                        chunk.getBytes().duplicate(),
                        new ChunkRef("", -1, -1, chunk.getCapture(), chunk.getGeneration()),
                        ""))
                .orElseThrow();
        output.findings().forEach(this::fold);
        output.segments().forEach(this::join);
    }

    private void join(RequestSegment segment) {
        requests.computeIfAbsent(segment.requestId(), id -> new RequestSet(RequestRules.of(AnalysisConfig.DEFAULTS)))
                .change(segment)
                .forEach(this::fold);
    }

    private void fold(Finding finding) {
        Findings store = findings.computeIfAbsent(finding.anomalyId(), id -> new Findings());
        incidents.compute(finding.anomalyId(), (id, before) -> IncidentFold.apply(before, finding, store));
    }

    /** What stands, by id. Where the bytes lie and when the record was made is left out: only the pipeline knows. */
    Map<String, Anomaly> anomalies() {
        Map<String, Anomaly> anomalies = new TreeMap<>();
        incidents.forEach((id, state) -> state.anomaly().ifPresent(anomaly -> {
            long durationNs = findings.get(id).get(anomaly.worstFindingId()).durationNs();
            anomalies.put(id, comparable(AnomalyMapper.toAvro(anomaly, durationNs, 0)));
        }));
        return anomalies;
    }

    static Anomaly comparable(Anomaly anomaly) {
        anomaly.put("slices", java.util.List.of());
        anomaly.put("updated_unix_ns", 0L);
        return anomaly;
    }

    private static final class Findings implements FindingStore {
        private final TreeMap<String, Finding> latest = new TreeMap<>();

        @Override
        public Finding get(String findingId) {
            return latest.get(findingId);
        }

        @Override
        public void put(Finding finding) {
            latest.put(finding.findingId(), finding);
        }

        @Override
        public void remove(String findingId) {
            latest.remove(findingId);
        }

        @Override
        public String last(String atMost) {
            return atMost.isEmpty() ? latest.lastKey() : latest.floorKey(atMost);
        }

        @Override
        public Iterator<Finding> all() {
            return latest.values().iterator();
        }
    }
}
