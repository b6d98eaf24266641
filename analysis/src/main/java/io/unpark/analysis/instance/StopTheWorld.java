package io.unpark.analysis.instance;

import io.unpark.analysis.detect.Pause;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * How long the world has been stopped up to a moment: a running total, so that any interval's share is a difference. Of a
 * generation it keeps the time by kind, and the longest pauses with who asked and who was the last to stop.
 */
final class StopTheWorld {
    /** Longest pauses of a generation that are kept. */
    private static final int MAX_PAUSES = 32;

    /** Shorter ones count in the sums only. */
    private static final long MIN_KEPT_NS = 500_000L;

    /** Kinds that are told apart; the runtime has about twenty. */
    private static final int MAX_KINDS = 64;

    private static final Comparator<Pause> SHORTER =
            Comparator.comparingLong(Pause::lengthNs).thenComparing(Pause::kind, Comparator.reverseOrder());

    private long totalNs;
    private long sinceNs;
    private int depth;
    private long windowNs;
    private long windowMaxNs;
    private String kind = "";
    private Stack asker = Stack.EMPTY;
    private Stack lastRunner = Stack.EMPTY;
    private long lastStoppedNs;
    private final Map<String, Long> byKindNs = new HashMap<>();
    private final List<Pause> longest = new ArrayList<>();

    /** @param askedBy where the goroutine was that stops the world */
    void begin(String rangeKind, Stack askedBy, long nowNs) {
        if (depth++ == 0) {
            sinceNs = nowNs;
            kind = rangeKind;
            asker = askedBy;
            lastRunner = Stack.EMPTY;
            lastStoppedNs = nowNs;
        }
    }

    boolean isStopping() {
        return depth > 0;
    }

    /** A goroutine had to stop for it; {@code where} it was. */
    void stopped(Stack where, long nowNs) {
        lastRunner = where;
        lastStoppedNs = nowNs;
    }

    /** @param openRequests how many requests were held up; asked for pauses that are kept only */
    void end(long nowNs, IntSupplier openRequests) {
        if (depth == 0) {
            return; // it began before this generation: what of it lies here is not known
        }
        if (--depth == 0) {
            long length = nowNs - sinceNs;
            totalNs += length;
            windowNs += length;
            windowMaxNs = Math.max(windowMaxNs, length);
            if (byKindNs.size() < MAX_KINDS || byKindNs.containsKey(kind)) {
                byKindNs.merge(kind, length, Long::sum);
            }
            if (length >= MIN_KEPT_NS) {
                keep(length, openRequests.getAsInt());
            }
        }
    }

    private void keep(long length, int openRequests) {
        if (longest.size() == MAX_PAUSES) {
            Pause shortest = longest.get(0);
            if (length <= shortest.lengthNs()) {
                return;
            }
            longest.remove(0);
        }
        longest.add(new Pause(kind, length, lastStoppedNs - sinceNs, asker, lastRunner, openRequests));
        longest.sort(SHORTER);
    }

    /** The total up to {@code nowNs}. */
    long totalAt(long nowNs) {
        return depth > 0 ? totalNs + nowNs - sinceNs : totalNs;
    }

    long windowNs() {
        return windowNs;
    }

    long windowMaxNs() {
        return windowMaxNs;
    }

    /** The longest pauses that ended in this generation, shortest first. */
    List<Pause> longest() {
        return List.copyOf(longest);
    }

    /** Nanoseconds stopped in this generation by kind. */
    Map<String, Long> byKindNs() {
        return Map.copyOf(byKindNs);
    }

    void beginGeneration() {
        windowNs = 0;
        windowMaxNs = 0;
        byKindNs.clear();
        longest.clear();
    }

    /** A generation ends: the next one does not tell again of a stop that the runtime is in the middle of. */
    void endGeneration(long nowNs) {
        if (depth > 0) {
            depth = 1;
            end(nowNs, () -> 0);
        }
    }

    void restore(long total) {
        totalNs = total;
    }
}
