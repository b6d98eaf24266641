package io.unpark.analysis.profile;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.incident.Incidents;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.pprof.PprofFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One instance's profiles and the anomalies that come of them, in memory; its state goes through bytes at each step. */
final class Desk {
    static final Instance INSTANCE = new Instance("", "orders", "orders-1", "");

    private final TreeMap<String, byte[]> stored = new TreeMap<>();
    private final Incidents incidents = new Incidents();
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

    private final AnalysisConfig config;

    Desk() {
        this(AnalysisConfig.DEFAULTS);
    }

    Desk(AnalysisConfig config) {
        this.config = config;
    }

    private InstanceProfiles profiles() {
        return new InstanceProfiles(INSTANCE, store, UserCode.standard(), config);
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
        findings.forEach(incidents::take);
    }

    /** Every value that is stored, for tests of its bounds. */
    Map<String, byte[]> stored() {
        return stored;
    }

    /** What stands, by kind and site. */
    Map<String, Anomaly> anomalies() {
        Map<String, Anomaly> standing = new TreeMap<>();
        incidents
                .anomalies()
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
}
