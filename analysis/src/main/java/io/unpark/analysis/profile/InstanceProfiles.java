package io.unpark.analysis.profile;

import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.config.GrowthThresholds;
import io.unpark.analysis.detect.Judgement;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.pprof.GoProfile;
import io.unpark.trace.pprof.PprofFormatException;
import io.unpark.trace.pprof.PprofLimits;
import io.unpark.trace.pprof.PprofProfile;
import io.unpark.trace.pprof.PprofReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The profiles of one instance and what they add to the findings of its traces. What stands in the end is a function of the profiles and of
 * the traces' findings, whatever the order in which they came to each other; only revisions differ. Nothing is held but in the store.
 */
public final class InstanceProfiles {
    /** Under which its failures are counted. */
    public static final String NAME = "profiles";

    private static final String JOIN = "join";

    /** In the year 2096; with room behind it for revisions. */
    private static final long MAX_TIME_NS = 4_000_000_000_000_000_000L;

    private final Instance instance;
    private final ProfileStore store;
    private final UserCode userCode;
    private final String configHash;
    private final GrowthThresholds limits;
    private final TraceFindings traces;
    private long unreadable;

    /** @param config of all; what it says for the instance's service holds */
    public InstanceProfiles(Instance instance, ProfileStore store, UserCode userCode, AnalysisConfig config) {
        this.instance = instance;
        this.store = store;
        this.userCode = userCode;
        this.configHash = config.hash();
        this.limits = config.scoped(instance.service(), "").growth();
        this.traces = new TraceFindings(store);
    }

    /**
     * Takes a profile in.
     *
     * @return what changes by it: findings that are new, revised or taken back
     * @throws PprofFormatException when it is no profile of Go's runtime that is judged; nothing was put then
     */
    public List<Finding> profile(ProfileInput input) throws PprofFormatException {
        if (input.takenNs() <= 0 || input.takenNs() > MAX_TIME_NS) {
            throw new PprofFormatException(
                    PprofFormatException.Reason.NOT_A_PROFILE, -1, "taken at " + input.takenNs() + " ns since 1970");
        }
        PprofProfile profile = PprofReader.read(input.bytes(), PprofLimits.DEFAULT);
        GoProfile kind = GoProfile.of(profile)
                .orElseThrow(() -> new PprofFormatException(
                        PprofFormatException.Reason.NOT_A_PROFILE,
                        -1,
                        "a profile of " + profile.sampleTypes().get(0).type()
                                + "; judged are heap, goroutine and goroutineleak"));
        Snapshot snapshot = SnapshotMaker.of(profile, kind, userCode, input.takenNs(), input.id(), input.input());
        Series changed = series(kind);
        if (!changed.add(snapshot)) {
            return List.of();
        }
        JoinState state = state();
        state.byProfiles = judge(kind, changed);
        List<Finding> changes = tell(state, traces.all());
        store.put(kind.id(), changed.toBytes());
        store.put(JOIN, state.toBytes());
        return changes;
    }

    private List<Finding> judge(GoProfile kind, Series changed) {
        Series heap = kind == GoProfile.HEAP ? changed : series(GoProfile.HEAP);
        Series all = kind == GoProfile.GOROUTINE ? changed : series(GoProfile.GOROUTINE);
        Series proven = kind == GoProfile.GOROUTINE_LEAK ? changed : series(GoProfile.GOROUTINE_LEAK);
        List<Finding> findings = new ArrayList<>();
        LeftGoroutines.judge(proven, all, limits)
                .forEach(it -> findings.add(finding(it, proven.isEmpty() ? all : proven)));
        RetainedHeap.judge(heap, limits).forEach(it -> findings.add(finding(it, heap)));
        return findings;
    }

    private Finding finding(Judgement it, Series of) {
        String subject = Ids.subject(instance);
        String anomalyId =
                Ids.anomaly(it.kind(), instance, it.place().site(), it.place().creationSite(), it.identityRoute());
        return new Finding(
                Ids.finding(it.kind(), subject, anomalyId),
                anomalyId,
                it.kind(),
                subject,
                it.lastSeenNs(),
                false,
                instance,
                of.newest().input(),
                it.place(),
                it.severity(),
                it.confidence(),
                it.count(),
                it.firstSeenNs(),
                it.lastSeenNs(),
                it.durationNs(),
                it.summary(),
                it.evidence(),
                it.cause(),
                it.advice(),
                List.of(),
                configHash);
    }

    /** What becomes of findings of the instance's traces: most pass, some are told with what profiles know. */
    public List<Finding> ofTrace(List<Finding> findings) {
        List<Finding> out = new ArrayList<>();
        List<Finding> arrived = new ArrayList<>();
        boolean alone = store.get(JOIN) == null; // no profile ever came
        for (Finding finding : findings) {
            boolean isNew = isJoinable(finding) && traces.keep(finding);
            if (alone || !isJoinable(finding)) {
                out.add(finding);
            } else if (isNew) {
                arrived.add(finding);
            }
        }
        if (arrived.isEmpty()) {
            return out;
        }
        JoinState state = state();
        List<Finding> all = traces.all();
        Set<String> concerned = new HashSet<>(state.told.keySet());
        Joined joined = Joined.of(state.byProfiles, all);
        concerned.addAll(joined.findings.keySet());
        concerned.addAll(joined.givenWay);
        arrived.stream().filter(it -> !concerned.contains(it.findingId())).forEach(out::add);
        out.addAll(tell(state, all));
        store.put(JOIN, state.toBytes());
        return out;
    }

    private boolean isJoinable(Finding finding) {
        return (finding.kind() == Kind.GOROUTINE_LEAK || finding.kind() == Kind.HEAP_GROWTH)
                && finding.subject().equals(Ids.subject(instance));
    }

    /** What is to be said now, of all findings that profiles have or had a part in; the state remembers it. */
    private static List<Finding> tell(JoinState state, List<Finding> traces) {
        Joined joined = Joined.of(state.byProfiles, traces);
        TreeSet<String> ids = new TreeSet<>(state.told.keySet());
        ids.addAll(joined.findings.keySet());
        ids.addAll(joined.givenWay);
        List<Finding> changes = new ArrayList<>();
        for (String id : ids) {
            Finding trace = traces.stream()
                    .filter(it -> it.findingId().equals(id))
                    .findFirst()
                    .orElse(null);
            boolean traceStands = trace != null && !trace.withdrawn() && !joined.givenWay.contains(id);
            Finding now = joined.findings.getOrDefault(id, traceStands ? trace : null);
            Finding last = state.told.getOrDefault(id, trace);
            Finding said = next(last, now, state.told.containsKey(id));
            if (said != null) {
                changes.add(said);
                state.told.put(id, said);
            }
        }
        state.trim();
        return changes;
    }

    /** @return the revision that follows {@code last}; null when nothing is to be said */
    private static Finding next(Finding last, Finding now, boolean wasTold) {
        if (now == null) {
            return last == null || last.withdrawn() ? null : last.withdrawnAt(last.revision() + 1);
        }
        if (last == null) {
            return now;
        }
        boolean same = wasTold
                && !last.withdrawn()
                && Findings.at(now, last.revision()).equals(last);
        return same ? null : Findings.at(now, Math.max(now.revision(), last.revision() + 1));
    }

    private Series series(GoProfile kind) {
        try {
            return Series.fromBytes(store.get(kind.id()));
        } catch (CodecException e) {
            unreadable++;
            return Series.fromBytes(null);
        }
    }

    private JoinState state() {
        byte[] bytes = store.get(JOIN);
        try {
            return bytes == null ? new JoinState() : JoinState.fromBytes(bytes);
        } catch (CodecException e) {
            unreadable++;
            return new JoinState();
        }
    }

    /** States of another version, which begin anew, since this object was made. */
    public long unreadable() {
        return unreadable;
    }
}
