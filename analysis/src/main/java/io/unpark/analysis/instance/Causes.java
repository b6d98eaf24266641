package io.unpark.analysis.instance;

import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Stack;

/**
 * Keeps what is needed to tell why a goroutine waited: the last steps of every goroutine, those of the ones that ended
 * lately, and the last long stretches that anybody ran.
 */
final class Causes {
    /** Goroutines that ended within the generation, kept for whom they had woken. */
    private static final int MAX_ENDED = 512;

    private static final int MAX_LONG_RUNS = 16;
    private static final long LONG_RUN_NS = 1_000_000L;

    /** Steps are kept over a generation's end for so long, if a request is open that may need them. */
    private static final long HISTORY_NS = 10_000_000_000L;

    /** Steps of one goroutine that outlive a generation, and goroutines that may have any: beyond it all are forgotten. */
    private static final int STEPS_WRITTEN = 4;

    private static final int MAX_WRITTEN = 10_000;

    private final LongMap<Goroutine> goroutines;
    private final LongMap<Goroutine> ended = new LongMap<>();
    private final long[] endedIds = new long[MAX_ENDED];
    private int endedCount;

    private final long[] runFromNs = new long[MAX_LONG_RUNS];
    private final long[] runToNs = new long[MAX_LONG_RUNS];
    private final Goroutine[] runners = new Goroutine[MAX_LONG_RUNS];
    private final Stack[] runStacks = new Stack[MAX_LONG_RUNS];
    private int runs;

    private static final long NOT_YET = Long.MIN_VALUE;

    /** Every goroutine's steps are known from here on. */
    long knownSinceNs = NOT_YET;

    Causes(LongMap<Goroutine> goroutines) {
        this.goroutines = goroutines;
    }

    /** The first event of a generation. */
    void begin(long nowNs) {
        if (knownSinceNs == NOT_YET) {
            knownSinceNs = nowNs;
        }
    }

    /** Nothing is known of what was done until now: another capture, or a generation is missing. */
    void forget() {
        knownSinceNs = NOT_YET;
        forgetEnded();
        runs = 0;
        goroutines.forEachSorted(g -> {
            g.steps = null;
            g.callSpan = "";
        });
    }

    private void forgetEnded() {
        ended.clear();
        endedCount = 0;
    }

    /** A goroutine that is alive or ended lately; null for any other. */
    Goroutine find(long id) {
        Goroutine g = goroutines.get(id);
        return g == null ? ended.get(id) : g;
    }

    /** The goroutine did one thing from {@code g.sinceNs} until now; {@code seen} is where it was when it stopped, or EMPTY. */
    void did(Goroutine g, HopKind kind, Stack seen, long nowNs) {
        long length = nowNs - g.sinceNs;
        if (length < StepRing.MIN_STEP_NS || g.markWorker) {
            return;
        }
        Stack place = g.lastUserStack.isEmpty() ? seen : g.lastUserStack;
        boolean ran = kind == HopKind.RUNNING || kind == HopKind.GC_ASSIST;
        int instead = kind == HopKind.READY ? ranDuring(g, g.sinceNs, nowNs) : -1;
        long other = instead < 0 ? Goroutine.NOBODY : runners[instead].id;
        Stack otherStack = instead < 0 ? Stack.EMPTY : runStacks[instead];
        steps(g).add(kind, g.sinceNs, nowNs, place, "", g.callSpan, other, otherStack);
        if (ran && length >= LONG_RUN_NS) {
            ranLong(g, nowNs, place);
        }
    }

    /** The goroutine's wait is over, and who ended it is known. */
    void waited(Goroutine g, long nowNs) {
        if (nowNs - g.sinceNs >= StepRing.MIN_STEP_NS) {
            steps(g).add(HopKind.WAITING, g.sinceNs, nowNs, g.blocked, g.reason, g.callSpan, g.waker, g.wakerStack);
        }
    }

    private static StepRing steps(Goroutine g) {
        if (g.steps == null) {
            g.steps = new StepRing();
        }
        return g.steps;
    }

    void ended(Goroutine g) {
        int slot = endedCount++ % MAX_ENDED;
        if (endedCount > MAX_ENDED) {
            ended.remove(endedIds[slot]);
        }
        endedIds[slot] = g.id;
        ended.put(g.id, g);
    }

    private void ranLong(Goroutine g, long nowNs, Stack place) {
        int slot = runs++ % MAX_LONG_RUNS;
        runFromNs[slot] = g.sinceNs;
        runToNs[slot] = nowNs;
        runners[slot] = g;
        runStacks[slot] = place;
    }

    /** The long run of another that overlaps most with an interval; -1 when there is none. */
    int ranDuring(Goroutine waiting, long fromNs, long toNs) {
        int best = -1;
        long most = 0;
        for (int i = 0; i < Math.min(runs, MAX_LONG_RUNS); i++) {
            long overlap = Math.min(toNs, runToNs[i]) - Math.max(fromNs, runFromNs[i]);
            if (runners[i] != waiting && overlap > most) {
                best = i;
                most = overlap;
            }
        }
        return best;
    }

    Goroutine runner(int run) {
        return runners[run];
    }

    Stack runStack(int run) {
        return runStacks[run];
    }

    /** At a generation's end: lets go of all that no open request can need, so that what is written stays small. */
    void endGeneration(long oldestOpenNs, long nowNs) {
        long horizonNs = Math.min(nowNs, Math.max(oldestOpenNs, nowNs - HISTORY_NS));
        forgetEnded();
        runs = 0;
        if (trim(horizonNs) > MAX_WRITTEN) {
            trim(nowNs);
            horizonNs = nowNs;
        }
        knownSinceNs = Math.max(knownSinceNs, horizonNs);
    }

    /** How many goroutines have steps that ended later. */
    private int trim(long horizonNs) {
        int[] left = new int[1];
        goroutines.forEachSorted(g -> {
            if (g.steps == null) {
                return;
            }
            g.steps.forgetUntil(horizonNs);
            g.steps.coarsen(STEPS_WRITTEN);
            if (g.steps.size() == 0) {
                g.steps = null;
            } else {
                left[0]++;
            }
        });
        return left[0];
    }
}
