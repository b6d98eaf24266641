package io.unpark.streams;

import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.profile.InstanceProfiles;
import org.apache.kafka.streams.state.KeyValueStore;

/** What traces found, told with what the instance's profiles know. One instance at a time. */
final class JoinedProfiles {
    private final KeyValueStore<String, byte[]> store;
    private final AnalysisSettings analysis;
    private final StreamsCounters counters;
    private StoredProfiles current;

    JoinedProfiles(KeyValueStore<String, byte[]> store, AnalysisSettings analysis, StreamsCounters counters) {
        this.store = store;
        this.analysis = analysis;
        this.counters = counters;
    }

    /** Reads the store and writes nothing yet. */
    InstanceOutput join(String key, Instance instance, InstanceOutput it) {
        current = new StoredProfiles(store, key);
        InstanceProfiles profiles = new InstanceProfiles(instance, current, analysis.userCode(), analysis.config());
        InstanceOutput joined = new InstanceOutput(
                profiles.ofTrace(it.findings()), it.segments(), it.window(), it.routes(), it.profile());
        counters.discardedStates.add(profiles.unreadable());
        return joined;
    }

    /** Nothing can fail any more. */
    void write() {
        if (current != null) {
            current.write();
        }
        current = null;
    }

    /** The generation was refused. */
    void forget() {
        current = null;
    }

    /** The instance sends no chunks any more: what is known by its profiles begins anew too, if any still come. */
    void deleteAll(String key) {
        StoredProfiles.deleteAll(store, key);
    }
}
