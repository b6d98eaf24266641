package io.unpark.analysis.instance;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.Surge;
import io.unpark.analysis.model.Stack;
import io.unpark.trace.GoState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares, at a generation's end, how many goroutines of each kind live with the history of their kind, and goes on with that
 * history. Only kinds that come and go are compared: of a kind that never ends, or has hardly been seen, nobody knows what is
 * usual. More traffic at the same latency brings more goroutines, but none that live longer.
 */
final class SurgeCollector {
    /** So many of a kind must have ended before what lives is compared with them. */
    private static final long MIN_ENDED = 50;

    /** Against the longest life of those that ended. */
    private static final int MANIFOLD_LIFE = 4;

    private final InstanceState state;
    private final AnalysisConfig config;
    private final long nowNs;

    SurgeCollector(InstanceState state, AnalysisConfig config, long nowNs) {
        this.state = state;
        this.config = config;
        this.nowNs = nowNs;
    }

    /** The surges of this generation's end. To be called once a generation: it moves the history on. */
    List<Surge> collect() {
        Map<Cohort, List<Goroutine>> crowds = crowds();
        List<Surge> surges = new ArrayList<>();
        state.cohorts.cohorts.forEach((key, cohort) -> {
            List<Goroutine> crowd = crowds.getOrDefault(cohort, List.of());
            boolean crowded = isCrowded(cohort, crowd.size()) && livesLonger(cohort, crowd);
            if (crowded && nowNs - oldest(crowd) >= config.surgeMinAgeNs()) {
                cohort.usual.surging = true;
                surges.add(surge(key, cohort, crowd));
            } else if (!crowded) {
                // While it is not decided, the history stands still: a surge in the making is not what is usual.
                cohort.usual.settle(crowd.isEmpty() ? cohort.alive() : crowd.size());
            }
            cohort.usual.longestLifeNs = 0;
        });
        surges.sort(Comparator.comparing(Surge::start)
                .thenComparing(s -> s.creation().toString()));
        return surges;
    }

    /** The goroutines of the kinds that may be crowded; most generations have none. */
    private Map<Cohort, List<Goroutine>> crowds() {
        Map<Cohort, List<Goroutine>> crowds = new HashMap<>();
        state.cohorts.cohorts.forEach((key, cohort) -> {
            if (!key.equals(Cohorts.Key.OTHER) && !key.creation().isEmpty() && isCrowded(cohort, cohort.alive())) {
                crowds.put(cohort, new ArrayList<>());
            }
        });
        if (!crowds.isEmpty()) {
            state.goroutines.forEachSorted(g -> {
                List<Goroutine> crowd = g.created() ? crowds.get(state.cohorts.of(g)) : null;
                if (crowd != null) {
                    crowd.add(g);
                }
            });
        }
        return crowds;
    }

    private boolean isCrowded(Cohort cohort, long alive) {
        return alive >= config.surgeMinGoroutines()
                && cohort.usual.isKnown()
                && cohort.ended >= MIN_ENDED
                && alive >= config.surgeFactor() * Math.max(1, cohort.usual.alive);
    }

    private boolean livesLonger(Cohort cohort, List<Goroutine> crowd) {
        return medianAgeNs(crowd) >= MANIFOLD_LIFE * Math.max(1, cohort.usual.lifeNs);
    }

    private long medianAgeNs(List<Goroutine> crowd) {
        if (crowd.isEmpty()) {
            return 0;
        }
        long[] born = crowd.stream().mapToLong(g -> g.createdNs).sorted().toArray();
        return nowNs - born[born.length / 2];
    }

    private static long oldest(List<Goroutine> crowd) {
        return crowd.stream().mapToLong(g -> g.createdNs).min().orElse(Long.MAX_VALUE);
    }

    private Surge surge(Cohorts.Key key, Cohort cohort, List<Goroutine> crowd) {
        record Spot(Stack place, String reason) {}
        Map<Spot, Long> spots = new HashMap<>();
        for (Goroutine g : crowd) {
            if (g.state == GoState.WAITING) {
                spots.merge(new Spot(g.blocked, g.reason), 1L, Long::sum);
            }
        }
        Map.Entry<Spot, Long> most = spots.entrySet().stream()
                .max(Map.Entry.<Spot, Long>comparingByValue()
                        .thenComparing(e -> e.getKey().toString(), Comparator.reverseOrder()))
                .orElse(Map.entry(new Spot(Stack.EMPTY, ""), 0L));
        return new Surge(
                key.start(),
                key.creation(),
                crowd.size(),
                cohort.usual.alive,
                cohort.usual.lifeNs,
                medianAgeNs(crowd),
                nowNs - oldest(crowd),
                most.getKey().place(),
                most.getKey().reason(),
                most.getValue());
    }
}
