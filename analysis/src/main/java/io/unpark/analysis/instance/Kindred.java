package io.unpark.analysis.instance;

import io.unpark.analysis.detect.StuckGroup;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What became of others of a kind: how long they lived, and where those that live are given something. */
final class Kindred {
    private final InstanceState state;
    private final Map<String, List<Goroutine>> goers = new HashMap<>();

    /** By start function; null until somebody asks. */
    private Map<String, StuckGroup.Kin> kin;

    Kindred(InstanceState state) {
        this.state = state;
    }

    /** A goroutine that is alive. */
    void met(Goroutine g) {
        if (g.served != null && g.served.places() > 1) {
            goers.computeIfAbsent(g.start, k -> new ArrayList<>()).add(g);
        }
    }

    /** None of those that live as long as their connection, and go from request to request. */
    StuckGroup.Kin of(String start) {
        if (kin == null) {
            kin = sums();
        }
        return ServerNames.isOfConnection(start) ? StuckGroup.Kin.NONE : kin.getOrDefault(start, StuckGroup.Kin.NONE);
    }

    private Map<String, StuckGroup.Kin> sums() {
        Map<String, StuckGroup.Kin> sums = new HashMap<>();
        state.cohorts.cohorts.forEach((key, cohort) -> {
            if (!key.creation().isEmpty()) {
                boolean ofLibrary = !state.shapes.isUsersFunction(key.start());
                var one = new StuckGroup.Kin(cohort.created, cohort.ended, cohort.longestLifeNs, ofLibrary);
                sums.merge(key.start(), one, StuckGroup.Kin::and);
            }
        });
        return sums;
    }

    /** @param inGroup those that wait at the place for long */
    StuckGroup.Stage stage(String start, Stack place, Predicate<Goroutine> inGroup) {
        WaitHistory history = state.cohorts.waitsAt(place);
        int passing = (int) goers.getOrDefault(start, List.of()).stream()
                .filter(g -> g.served.at(place) > 0 && !inGroup.test(g))
                .count();
        return new StuckGroup.Stage(history.completed(), history.longestNs(), passing);
    }
}
