package io.unpark.analysis.incident;

import io.unpark.analysis.codec.FindingCodec;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Finding;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Findings to anomalies, in memory: what the incident topology does, where there is no Kafka. Not thread-safe. */
public final class Incidents {
    private final Map<String, Incident> byAnomaly = new HashMap<>();

    /** Folds one revision of a finding; a withdrawal takes it back. */
    public void take(Finding finding) {
        byAnomaly.computeIfAbsent(finding.anomalyId(), id -> new Incident()).take(finding);
    }

    /** Those that stand, in no order. */
    public Stream<Anomaly> anomalies() {
        return byAnomaly.values().stream()
                .map(incident -> incident.state)
                .map(IncidentState::anomaly)
                .flatMap(Optional::stream);
    }

    /** The worst example of an anomaly that stands. */
    public Finding worst(Anomaly anomaly) {
        return byAnomaly.get(anomaly.id()).get(anomaly.worstFindingId());
    }

    /** Findings as bytes: a run over a day of traces keeps one for every request that was at fault. */
    private static final class Incident implements FindingStore {
        private final TreeMap<String, byte[]> findings = new TreeMap<>();
        private IncidentState state;

        void take(Finding finding) {
            state = IncidentFold.apply(state, finding, this);
        }

        @Override
        public Finding get(String findingId) {
            byte[] bytes = findings.get(findingId);
            return bytes == null ? null : FindingCodec.fromBytes(bytes);
        }

        @Override
        public void put(Finding finding) {
            findings.put(finding.findingId(), FindingCodec.toBytes(finding));
        }

        @Override
        public void remove(String findingId) {
            findings.remove(findingId);
        }

        @Override
        public String last(String atMost) {
            return atMost.isEmpty() ? findings.lastKey() : findings.floorKey(atMost);
        }

        @Override
        public Iterator<Finding> all() {
            return findings.values().stream().map(FindingCodec::fromBytes).iterator();
        }
    }
}
