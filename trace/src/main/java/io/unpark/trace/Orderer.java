package io.unpark.trace;

import io.unpark.trace.CpuSamples.Sample;
import io.unpark.trace.TraceFormatException.Reason;

/**
 * Replays a generation in an order that respects causality: always the earliest event that the scheduler's state lets
 * happen. Timestamps of different Ms are only a hint; sequence numbers decide.
 */
final class Orderer {
    /** A small generation must not cost as much time as a large one may. Of the recorded ones nearly none needs any. */
    private static final long FREE_BLOCKED_STEPS = 10_000_000;

    private static final long BLOCKED_STEPS_PER_BYTE = 16;
    /** How often another M may become the earliest. */
    private static final int TURNS_PER_RUN = 16;

    private final Machine machine;
    private final Scheduler scheduler;
    private final Frontier frontier = new Frontier();
    private long blockedSteps;
    private long maxBlockedSteps;
    /** When the next CPU sample was taken; never when there is none. */
    private long sampleNs;

    Orderer(TraceLimits limits) {
        this.machine = new Machine(limits);
        this.scheduler = new Scheduler(machine);
    }

    /** Forgets everything: the next generation is the first of a trace. */
    void reset() {
        scheduler.reset();
    }

    /** Tells the visitor of the point between two generations, or of the end. */
    void sync(EventVisitor visitor, long ns, int n) {
        machine.at.enter(EventContext.NONE, EventContext.NONE, EventContext.NONE);
        visitor.sync(machine.at.stamp(ns, 0), n);
    }

    /** The time of the last event told. */
    long lastNs() {
        return machine.at.lastNs();
    }

    /** Prepares to replay a generation, with {@link #step} or {@link #rest}. */
    void begin(Generation generation, EventVisitor visitor) throws TraceFormatException {
        machine.beginGeneration(generation, visitor);
        blockedSteps = 0;
        maxBlockedSteps = Math.min(
                machine.limits.maxBlockedSteps(), FREE_BLOCKED_STEPS + BLOCKED_STEPS_PER_BYTE * generation.length());
        nextSample(generation);
        frontier.clear();
        for (Lane lane : generation.lanes()) {
            if (lane.start()) {
                frontier.add(lane);
            }
        }
    }

    /** Replays the next event of the wire, which may tell several, or none; false when there is none any more. */
    boolean step(Generation generation) throws TraceFormatException {
        CpuSamples samples = generation.samples();
        if (samples.hasNext() && (frontier.isEmpty() || sampleNs < frontier.headTimeNs())) {
            sample(samples.poll(), generation);
            nextSample(generation);
        } else if (frontier.isEmpty()) {
            return false;
        } else if (scheduler.step(frontier.get(0))) {
            goOn(0);
        } else {
            stepAnother();
        }
        return true;
    }

    /** Replays what is left of a generation. */
    void rest(Generation generation) throws TraceFormatException {
        while (run() || step(generation)) {
            // All is done there.
        }
    }

    /**
     * Replays the earliest events; false when one comes too early, or something else is next. Returns now and then, for a method
     * that is called often is compiled once, and one that stays in its loop twice, which takes as long as a generation.
     */
    private boolean run() throws TraceFormatException {
        for (int turns = 0; turns < TURNS_PER_RUN; turns++) {
            if (frontier.isEmpty() || frontier.headTimeNs() > sampleNs) {
                return false;
            }
            Lane lane = frontier.get(0);
            long untilNs = Math.min(frontier.nextTimeNs(), sampleNs);
            boolean more;
            do {
                if (!scheduler.step(lane)) {
                    frontier.update(0);
                    return false;
                }
                more = lane.advance();
            } while (more && lane.timeNs <= untilNs);
            if (more) {
                frontier.update(0);
            } else {
                frontier.remove(0);
            }
        }
        return true;
    }

    private void nextSample(Generation generation) {
        CpuSamples samples = generation.samples();
        sampleNs = samples.hasNext() ? generation.rate().toNs(samples.peek().ticks()) : Long.MAX_VALUE;
    }

    private void sample(Sample sample, Generation generation) throws TraceFormatException {
        At at = machine.at;
        at.enter(sample.m(), sample.p(), sample.g());
        int stack = machine.stack(sample.stackId());
        machine.visitor.stackSample(at.stamp(generation.rate().toNs(sample.ticks()), stack));
    }

    private void goOn(int i) throws TraceFormatException {
        if (frontier.get(i).advance()) {
            frontier.update(i);
        } else {
            frontier.remove(i);
        }
    }

    /** The earliest event comes too early: takes the earliest that does not. */
    private void stepAnother() throws TraceFormatException {
        blockedSteps += frontier.sort();
        for (int i = 1; i < frontier.size(); i++) {
            if (++blockedSteps > maxBlockedSteps) {
                throw machine.at.limit("steps out of order in one generation", maxBlockedSteps);
            }
            if (scheduler.step(frontier.get(i))) {
                goOn(i);
                return;
            }
        }
        throw stuck();
    }

    private TraceFormatException stuck() {
        Lane first = frontier.get(0);
        return new TraceFormatException(
                Reason.CORRUPT,
                first.offset(),
                machine.generation,
                "no event can happen next: " + frontier.size() + " threads wait for each other, the first at "
                        + first.event().goName + " on M " + first.id());
    }
}
