package io.unpark.analysis.incident;

import io.unpark.analysis.model.Finding;
import java.util.Iterator;

/**
 * Folds findings into an anomaly. The result depends on the set of latest revisions only, not on the order or the number of
 * times that they came. A new finding, and a revision that only grows, cost no more than themselves; what can lower a bound (a
 * withdrawal or a revision of the worst example, the first, the last) reads the store once.
 */
public final class IncidentFold {
    private IncidentFold() {}

    /**
     * Takes in one finding.
     *
     * @param before the state after the findings that {@code store} holds, null when it holds none
     * @param arriving of the anomaly that {@code store} and {@code before} are about
     * @param store gets {@code arriving} unless it is stale; its iterator is always read to the end
     * @return {@code before} itself when {@code arriving} is not newer than the stored revision
     */
    public static IncidentState apply(IncidentState before, Finding arriving, FindingStore store) {
        Finding earlier = store.get(arriving.findingId());
        if (earlier != null && earlier.revision() >= arriving.revision()) {
            return before;
        }
        IncidentState state = before == null ? IncidentState.empty(arriving.anomalyId()) : before;
        if (!state.anomalyId().equals(arriving.anomalyId())) {
            throw new IllegalArgumentException(
                    "a finding of anomaly " + arriving.anomalyId() + " for " + state.anomalyId());
        }
        store.put(arriving);
        Finding out = earlier == null || earlier.withdrawn() ? null : earlier;
        Finding in = arriving.withdrawn() ? null : arriving;
        IncidentState after = replace(state, out, in);
        return after == null ? fold(state.anomalyId(), store.all()) : after;
    }

    /** Replaces what stood by what stands, either may be null; null when the store must be asked. */
    private static IncidentState replace(IncidentState state, Finding out, Finding in) {
        if (out == null) {
            return in == null ? state : add(state, in);
        }
        if (mayLowerABound(state, out, in)) {
            return null;
        }
        Standing standing = standing(state.standing(), out, in);
        if (standing == null) {
            return null;
        }
        IncidentState without = new IncidentState(
                state.anomalyId(),
                state.count() - out.count(),
                state.firstSeenNs(),
                state.lastSeenNs(),
                state.worst(),
                standing);
        return in == null ? without : raise(without, in, standing);
    }

    private static boolean mayLowerABound(IncidentState state, Finding out, Finding in) {
        boolean isWorst = out.findingId().equals(state.worst().findingId());
        boolean isFirst = out.firstSeenNs() == state.firstSeenNs();
        boolean isLast = out.lastSeenNs() == state.lastSeenNs();
        if (in == null) {
            return isWorst || isFirst || isLast;
        }
        return isWorst && IncidentState.BY_BADNESS.compare(in, out) < 0
                || isFirst && IncidentState.earlier(in.firstSeenNs(), out.firstSeenNs()) != in.firstSeenNs()
                || isLast && IncidentState.later(in.lastSeenNs(), out.lastSeenNs()) != in.lastSeenNs();
    }

    private static Standing standing(Standing before, Finding out, Finding in) {
        if (in == null) {
            return before.minus(out.instance().name());
        }
        if (in.instance().name().equals(out.instance().name())) {
            return before;
        }
        Standing less = before.minus(out.instance().name());
        return less == null ? null : less.plus(in.instance().name());
    }

    private static IncidentState add(IncidentState state, Finding in) {
        return raise(state, in, state.standing().plus(in.instance().name()));
    }

    /** With a finding more in every bound; {@code standing} counts it already. */
    private static IncidentState raise(IncidentState state, Finding in, Standing standing) {
        return new IncidentState(
                state.anomalyId(),
                state.count() + in.count(),
                IncidentState.earlier(state.firstSeenNs(), in.firstSeenNs()),
                IncidentState.later(state.lastSeenNs(), in.lastSeenNs()),
                worse(state.worst(), in),
                standing);
    }

    private static Finding worse(Finding worst, Finding in) {
        boolean replaces = worst == null
                || worst.findingId().equals(in.findingId())
                || IncidentState.BY_BADNESS.compare(in, worst) > 0;
        return replaces ? in : worst;
    }

    private static IncidentState fold(String anomalyId, Iterator<Finding> findings) {
        IncidentState state = IncidentState.empty(anomalyId);
        Standing.Tally tally = new Standing.Tally();
        while (findings.hasNext()) {
            Finding finding = findings.next();
            if (!finding.withdrawn()) {
                tally.add(finding.instance().name());
                state = raise(state, finding, Standing.NONE);
            }
        }
        return state.withStanding(tally.result());
    }
}
