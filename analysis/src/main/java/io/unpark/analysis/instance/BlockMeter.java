package io.unpark.analysis.instance;

import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.StackProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up, within one generation, where goroutines were blocked and for how long, and CPU samples. */
final class BlockMeter {
    private static final int MAX_KEYS = 20_000;
    private static final String CPU = "cpu";
    /** Go's CPU profiler takes 100 samples a second of CPU time. */
    private static final long SAMPLE_NS = 10_000_000;

    /** Samples by the time they stand for, or a waiting process would leave no room for them. */
    private static final Comparator<StackProfile.Entry> LARGEST_FIRST = Comparator.comparingLong(
                    (StackProfile.Entry e) ->
                            e.blockedNs() + e.count() * (e.reason().equals(CPU) ? SAMPLE_NS : 1))
            .reversed()
            .thenComparing(StackProfile.Entry::route)
            .thenComparing(StackProfile.Entry::reason)
            .thenComparing(e -> e.stack().toString());

    private record Key(String route, String reason, Stack stack) {}

    /** What was added up for one key. */
    static final class Sum {
        long count;
        long ns;
    }

    private final StackTable stacks;
    private final Map<Key, Sum> sums = new HashMap<>();
    private long otherNs;
    private long otherSamples;

    BlockMeter(StackTable stacks) {
        this.stacks = stacks;
    }

    void beginGeneration() {
        sums.clear();
        otherNs = 0;
        otherSamples = 0;
    }

    void waited(Goroutine g, long ns) {
        if (g.blocked.isEmpty() || g.isRuntimes()) {
            return;
        }
        String route = g.request == null ? "" : g.request.route;
        Sum sum = blocked(route, g.reason, g.blocked);
        if (sum == null) {
            otherNs += ns;
        } else {
            sum.count++;
            sum.ns += ns;
        }
    }

    private Sum blocked(String route, String reason, Stack place) {
        if (!(place instanceof KnownStack known)) {
            return sum(new Key(route, reason, place));
        }
        Sum last = known.blocked(stacks.epoch(), route, reason);
        if (last == null) {
            last = sum(new Key(route, reason, place));
            known.blocked(last, route, reason);
        }
        return last;
    }

    void sampled(Goroutine g, Stack stack) {
        String route = g == null || g.request == null ? "" : g.request.route;
        Sum sum = sum(new Key(route, CPU, stack));
        if (sum == null) {
            otherSamples++;
        } else {
            sum.count++;
        }
    }

    private Sum sum(Key key) {
        Sum known = sums.get(key);
        if (known == null && sums.size() < MAX_KEYS) {
            known = new Sum();
            sums.put(key, known);
        }
        return known;
    }

    /** The largest entries, in a fixed order, and what they leave out in {@link #otherNs} and {@link #otherSamples}. */
    List<StackProfile.Entry> entries() {
        List<StackProfile.Entry> all = new ArrayList<>(sums.size());
        sums.forEach((k, s) -> all.add(new StackProfile.Entry(k.route(), k.reason(), k.stack(), s.count, s.ns)));
        all.sort(LARGEST_FIRST);
        for (StackProfile.Entry left : all.subList(Math.min(StackProfile.MAX_ENTRIES, all.size()), all.size())) {
            otherNs += left.blockedNs();
            otherSamples += left.reason().equals(CPU) ? left.count() : 0;
        }
        return all.subList(0, Math.min(StackProfile.MAX_ENTRIES, all.size()));
    }

    long otherNs() {
        return otherNs;
    }

    long otherSamples() {
        return otherSamples;
    }
}
