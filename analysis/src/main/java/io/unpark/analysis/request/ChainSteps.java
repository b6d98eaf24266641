package io.unpark.analysis.request;

import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Frame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** A chain in the words of a finding: its largest hops in their order, the others together. */
final class ChainSteps {
    /** Hops shown of one chain; what is smaller, or than a two hundredth of the whole, is summed up in the last. */
    static final int MAX_STEPS = 24;

    private static final int MIN_SHARE = 200;

    private ChainSteps() {}

    /** The chain as findings carry it: at most {@value #MAX_STEPS} steps whose durations add up to the whole. */
    static List<CauseStep> of(List<ChainHop> chain, long wallNs) {
        List<ChainHop> kept = chain.stream()
                .filter(hop -> hop.totalNs() >= wallNs / MIN_SHARE)
                .sorted(Comparator.comparingLong(ChainHop::totalNs).reversed().thenComparingInt(ChainHop::depth))
                .limit(MAX_STEPS - 1L)
                .toList();
        // Who is kept has its parents kept: none is smaller, and of equal ones the higher comes first.
        Set<ChainHop> shown = Collections.newSetFromMap(new IdentityHashMap<>());
        shown.addAll(kept);
        List<CauseStep> steps = new ArrayList<>();
        long restNs = wallNs;
        for (ChainHop hop : chain) {
            if (shown.contains(hop)) {
                steps.add(step(hop, wallNs));
                restNs -= hop.ns();
            }
        }
        if (restNs > 0 && !steps.isEmpty()) {
            steps.add(rest(chain.get(0), chain.size() - kept.size(), restNs, wallNs));
        }
        return steps;
    }

    private static CauseStep step(ChainHop hop, long wallNs) {
        Frame place = hop.hop().place();
        String route = hop.hop().otherRoute().isEmpty()
                ? hop.segment().route()
                : hop.hop().otherRoute();
        return new CauseStep(
                hop.segment().instance().service(),
                route,
                hop.what(),
                hop.hop().reason(),
                place.function(),
                place.file(),
                place.line(),
                hop.ns(),
                hop.depth(),
                hop.totalNs(),
                Shares.permille(hop.totalNs(), wallNs));
    }

    private static CauseStep rest(ChainHop first, int hops, long restNs, long wallNs) {
        return new CauseStep(
                first.segment().instance().service(),
                first.segment().route(),
                hops + " smaller hops together",
                "",
                "",
                "",
                0,
                restNs,
                0,
                restNs,
                Shares.permille(restNs, wallNs));
    }
}
