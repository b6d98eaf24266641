package io.unpark.analysis.profile;

import io.unpark.analysis.incident.FindingStore;
import io.unpark.analysis.incident.IncidentFold;
import io.unpark.analysis.incident.IncidentState;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.pprof.PprofFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One instance's profiles and the anomalies that come of them, in memory; its state goes through bytes at each step. */
final class Desk {
    static final Instance INSTANCE = new Instance("", "orders", "orders-1", "");

    private final TreeMap<String, byte[]> stored = new TreeMap<>();
    private final Map<String, Incident> incidents = new HashMap<>();
    final List<Finding> said = new ArrayList<>();

    private final ProfileStore store = new ProfileStore() {
        @Override
        public byte[] get(String name) {
            return stored.get(name);
        }

        @Override
        public void put(String name, byte[] bytes) {
            stored.put(name, bytes);
        }

        @Override
        public List<String> names(String prefix) {
            return stored.keySet().stream()
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        }
    };

    private InstanceProfiles profiles() {
        return new InstanceProfiles(INSTANCE, store, UserCode.standard(), "");
    }

    void profile(String id, long takenNs, byte[] bytes) {
        try {
            say(profiles().profile(new ProfileInput(id, takenNs, bytes, "")));
        } catch (PprofFormatException e) {
            throw new AssertionError(e);
        }
    }

    void trace(Finding... findings) {
        say(profiles().ofTrace(List.of(findings)));
    }

    private void say(List<Finding> findings) {
        said.addAll(findings);
        findings.forEach(it ->
                incidents.computeIfAbsent(it.anomalyId(), id -> new Incident()).take(it));
    }

    /** Every value that is stored, for tests of its bounds. */
    Map<String, byte[]> stored() {
        return stored;
    }

    /** What stands, by kind and site. */
    Map<String, Anomaly> anomalies() {
        Map<String, Anomaly> standing = new TreeMap<>();
        incidents.values().stream()
                .map(it -> it.state.anomaly())
                .flatMap(Optional::stream)
                .forEach(it -> standing.put(
                        it.kind().id() + " " + it.place().site() + " < "
                                + it.place().creationSite(),
                        it));
        return standing;
    }

    static byte[] recorded(String name) {
        try (InputStream in = Desk.class.getResourceAsStream(name + ".pb.gz")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Incident implements FindingStore {
        private final TreeMap<String, Finding> findings = new TreeMap<>();
        private IncidentState state;

        void take(Finding finding) {
            state = IncidentFold.apply(state, finding, this);
        }

        @Override
        public Finding get(String findingId) {
            return findings.get(findingId);
        }

        @Override
        public void put(Finding finding) {
            findings.put(finding.findingId(), finding);
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
            return findings.values().iterator();
        }
    }
}
