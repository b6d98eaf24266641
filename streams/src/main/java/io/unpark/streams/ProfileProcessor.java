package io.unpark.streams;

import io.unpark.analysis.model.Finding;
import io.unpark.analysis.profile.InstanceProfiles;
import io.unpark.analysis.profile.ProfileInput;
import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.trace.pprof.PprofFormatException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Profiles to findings, compared with those of the same instance before, and joined with what its traces tell. */
final class ProfileProcessor implements Processor<String, ProfileSnapshot, String, byte[]> {
    static final String PROFILES = "instance-profiles";
    static final String ARRIVALS = "profile-arrivals";

    private static final int MAX_ID_CHARS = 128;

    private final StreamsLimits limits;
    private final AnalysisSettings analysis;
    private final StreamsCounters counters;
    private final Outbox outbox;

    private ProcessorContext<String, byte[]> context;
    private KeyValueStore<String, byte[]> profiles;
    private ArrivalIndex arrivals;

    ProfileProcessor(Wiring wiring, StreamsLimits limits, AnalysisSettings analysis, StreamsCounters counters) {
        this.limits = limits;
        this.analysis = analysis;
        this.counters = counters;
        this.outbox = new Outbox(wiring, InstanceTopology.STAGE);
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
        profiles = context.getStateStore(PROFILES);
        arrivals = new ArrivalIndex(
                context.getStateStore(ARRIVALS), limits.evictEvery().toMillis());
        // Processes come and go; wall time, because only silence tells that one is gone.
        context.schedule(limits.evictEvery(), PunctuationType.WALL_CLOCK_TIME, this::evict);
    }

    @Override
    public void process(Record<String, ProfileSnapshot> record) {
        outbox.clear();
        ProfileSnapshot snapshot = record.value();
        check(record.key(), snapshot);
        StoredProfiles stored = new StoredProfiles(profiles, record.key());
        List<Finding> changes = judge(snapshot, stored);
        for (Finding finding : changes) {
            outbox.add(Topics.FINDINGS, finding.anomalyId(), FindingMapper.toAvro(finding));
        }
        stored.write();
        counters.profiles.increment();
        counters.findings.add(changes.size());
        outbox.send(context, record.timestamp());
        arrivals.touch(record.key(), context.currentSystemTimeMs());
    }

    private static void check(String key, ProfileSnapshot snapshot) {
        if (snapshot == null) {
            throw new RefusedInputException("a profile without a value");
        }
        try {
            String expected = InstanceKey.of(snapshot.getInstance()).encode();
            if (!expected.equals(key)) {
                throw new RefusedInputException("key " + key + " is not that of its instance, " + expected);
            }
        } catch (IllegalArgumentException e) {
            throw new RefusedInputException("a profile of no usable instance", e);
        }
        if (snapshot.getId().isEmpty() || snapshot.getId().length() > MAX_ID_CHARS) {
            throw new RefusedInputException("a profile's id must have 1 to " + MAX_ID_CHARS + " characters");
        }
    }

    private List<Finding> judge(ProfileSnapshot snapshot, StoredProfiles stored) {
        InstanceProfiles known = new InstanceProfiles(
                PartMapper.toDomain(snapshot.getInstance()), stored, analysis.userCode(), analysis.config());
        byte[] bytes = new byte[snapshot.getBytes().remaining()];
        snapshot.getBytes().duplicate().get(bytes);
        PprofFormatException[] broken = new PprofFormatException[1];
        Optional<List<Finding>> changes = analysis.faults().guard(InstanceProfiles.NAME, () -> {
            try {
                return known.profile(new ProfileInput(snapshot.getId(), snapshot.getTakenUnixNs(), bytes, ""));
            } catch (PprofFormatException e) {
                broken[0] = e;
                return List.of();
            }
        });
        counters.discardedStates.add(known.unreadable());
        if (broken[0] != null) {
            throw new RefusedInputException("profile " + snapshot.getId() + " is refused", broken[0]);
        }
        return changes.orElseThrow(
                () -> RefusedInputException.ofDetector("the judge of profiles failed; the status tells how"));
    }

    private void evict(long nowMs) {
        long silentSinceMs = nowMs - limits.instanceRetention().toMillis();
        for (String key : arrivals.silentSince(silentSinceMs, limits.maxEvictionsPerRun())) {
            StoredProfiles.deleteAll(profiles, key);
            arrivals.remove(key);
        }
    }
}
