package io.unpark.analysis.incident;

import io.unpark.analysis.incident.IncidentState.Held;
import io.unpark.analysis.model.Finding;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Folds findings into an anomaly. The result depends on the set of latest revisions only, not on the order or the number of
 * times that they came, up to {@link IncidentState#MAX_FINDINGS} of them; beyond, those with the smallest ids are held and
 * counted, and the others only raise the bounds. A new finding, and a revision that only grows, cost no more than themselves; what can lower a bound (a
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
     * @return {@code before} itself when {@code arriving} is not newer than the stored revision, or changes nothing
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
        if (earlier == null && !state.held().isAll() && isBeyond(state, arriving)) {
            return notHeld(state, arriving, store);
        }
        store.put(arriving);
        Finding out = earlier == null || earlier.withdrawn() ? null : earlier;
        Finding in = arriving.withdrawn() ? null : arriving;
        IncidentState after = replace(state, out, in);
        if (after == null) {
            after = fold(state, store.all());
        }
        if (earlier != null) {
            return after;
        }
        after = after.withHeld(
                new Held(state.held().findings() + 1, state.held().upTo()));
        return after.held().findings() > IncidentState.MAX_FINDINGS ? letOneGo(after, store) : after;
    }

    /**
     * The state that the findings of a store give; for a state that cannot be read. Lets go of what is too much.
     *
     * @return null for a store that is empty
     */
    public static IncidentState refold(String anomalyId, FindingStore store) {
        List<String> tooMany = new ArrayList<>();
        String upTo = "";
        int held = 0;
        for (Iterator<Finding> all = store.all(); all.hasNext(); ) {
            String id = all.next().findingId();
            if (held < IncidentState.MAX_FINDINGS) {
                held++;
                upTo = id;
            } else {
                tooMany.add(id);
            }
        }
        tooMany.forEach(store::remove);
        IncidentState state = IncidentState.empty(anomalyId).withHeld(new Held(held, tooMany.isEmpty() ? "" : upTo));
        return held == 0 ? null : fold(state, store.all());
    }

    private static boolean isBeyond(IncidentState state, Finding arriving) {
        return arriving.findingId().compareTo(state.held().upTo()) > 0;
    }

    /** One beyond those that are held: it may raise a bound, and is not counted, since it could not be told whether it was already. */
    private static IncidentState notHeld(IncidentState state, Finding arriving, FindingStore store) {
        store.passedOver();
        Finding worst = state.worst();
        boolean revisesWorst = worst != null && worst.findingId().equals(arriving.findingId());
        if (revisesWorst && worst.revision() >= arriving.revision()) {
            return state;
        }
        IncidentState rest = revisesWorst ? fold(state, store.all()) : state;
        if (arriving.withdrawn()) {
            return rest;
        }
        IncidentState raised =
                raise(rest, arriving, rest.standing().alsoOn(arriving.instance().name()));
        return raised.withCount(rest.count());
    }

    /** Lets go of the finding with the greatest id. */
    private static IncidentState letOneGo(IncidentState state, FindingStore store) {
        String id = store.last(state.held().upTo());
        Finding finding = store.get(id);
        store.remove(id);
        Held held = new Held(state.held().findings() - 1, store.last(id));
        if (finding.withdrawn()) {
            return state.withHeld(held);
        }
        return state.lettingGo(finding, state.standing().lettingGo()).withHeld(held);
    }

    /** Replaces what stood by what stands, either may be null; null when the store must be asked. */
    private static IncidentState replace(IncidentState state, Finding out, Finding in) {
        if (out == null) {
            return in == null ? state : add(state, in);
        }
        if (mayLowerABound(state, out, in)) {
            return null;
        }
        Standing standing = standing(state, out, in);
        if (standing == null) {
            return null;
        }
        IncidentState without = new IncidentState(
                state.anomalyId(),
                state.count() - out.count(),
                state.firstSeenNs(),
                state.lastSeenNs(),
                state.worst(),
                standing,
                state.held());
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

    private static Standing standing(IncidentState state, Finding out, Finding in) {
        String name = out.instance().name();
        if (in != null && in.instance().name().equals(name)) {
            return state.standing();
        }
        Standing less = state.held().isAll()
                ? state.standing().minus(name)
                : state.standing().minusOfSome(name);
        return less == null || in == null ? less : less.plus(in.instance().name());
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
                standing,
                state.held());
    }

    private static Finding worse(Finding worst, Finding in) {
        boolean replaces = worst == null
                || worst.findingId().equals(in.findingId())
                || IncidentState.BY_BADNESS.compare(in, worst) > 0;
        return replaces ? in : worst;
    }

    /** All of the store, under the limits of {@code of}. */
    private static IncidentState fold(IncidentState of, Iterator<Finding> findings) {
        IncidentState state = IncidentState.empty(of.anomalyId()).withHeld(of.held());
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
