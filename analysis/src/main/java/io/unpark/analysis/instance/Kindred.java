package io.unpark.analysis.instance;

import io.unpark.analysis.detect.StuckGroup;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What became of others of a kind: how long they lived, and where those that live are given something. */
final class Kindred {
    private final InstanceState state;
    private final Map<String, StuckGroup.Kin> kin = new HashMap<>();
    private final Map<String, List<Goroutine>> goers = new HashMap<>();

    Kindred(InstanceState state) {
        this.state = state;
    }

    /** A goroutine that is alive. */
    void met(Goroutine g) {
        if (g.served != null && g.served.places() > 1) {
            goers.computeIfAbsent(g.start, k -> new ArrayList<>()).add(g);
        }
    }

    /** Of a function of the user's: what a library starts may be anything. */
    StuckGroup.Kin of(String start) {
        return kin.computeIfAbsent(start, this::sum);
    }

    private StuckGroup.Kin sum(String start) {
        if (!state.shapes.isUsersFunction(start)) {
            return StuckGroup.Kin.NONE;
        }
        long created = 0;
        long ended = 0;
        long longestLifeNs = 0;
        for (Map.Entry<Cohorts.Key, Cohort> e : state.cohorts.cohorts.entrySet()) {
            if (e.getKey().start().equals(start) && !e.getKey().creation().isEmpty()) {
                created += e.getValue().created;
                ended += e.getValue().ended;
                longestLifeNs = Math.max(longestLifeNs, e.getValue().longestLifeNs);
            }
        }
        return new StuckGroup.Kin(created, ended, longestLifeNs);
    }

    /** @param members numbers of those that wait at the place for long */
    StuckGroup.Stage stage(String start, Stack place, Set<Long> members) {
        WaitHistory history = state.cohorts.waitsAt(place);
        int passing = (int) goers.getOrDefault(start, List.of()).stream()
                .filter(g -> !members.contains(g.id) && g.served.at(place) > 0)
                .count();
        return new StuckGroup.Stage(history.completed(), history.longestNs(), passing);
    }
}
