package io.unpark.analysis.detect;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.List;
import java.util.Map;

/**
 * One instance at the end of a generation, as the detectors of process kinds see it. Times are wall clock.
 *
 * @param stuck groups of goroutines that wait for long
 * @param locks waits at locks within the generation
 * @param assists nanoseconds of mark assist by the stack that allocated
 * @param hogs nanoseconds run at a stretch of 5 ms and more, by stack
 * @param heap what the collections left, over the generations
 * @param pauses how the world was stopped
 * @param surges goroutines that pile up against the history of their kind
 * @param ended requests that ended within the generation
 */
public record ProcessView(
        AnalysisConfig config,
        UserCode userCode,
        RuntimeWindow window,
        List<StuckGroup> stuck,
        List<LockWaits> locks,
        Map<Stack, Long> assists,
        Map<Stack, Long> hogs,
        HeapSeries heap,
        Pauses pauses,
        List<Surge> surges,
        List<RequestSegment> ended) {

    /** Without any requests. */
    public ProcessView(
            AnalysisConfig config,
            UserCode userCode,
            RuntimeWindow window,
            List<StuckGroup> stuck,
            List<LockWaits> locks,
            Map<Stack, Long> assists,
            Map<Stack, Long> hogs,
            HeapSeries heap,
            Pauses pauses,
            List<Surge> surges) {
        this(config, userCode, window, stuck, locks, assists, hogs, heap, pauses, surges, List.of());
    }

    /**
     * The waits at one lock.
     *
     * @param place where the waiters wait
     * @param holders nanoseconds waited by the stack that let the waiter go
     */
    public record LockWaits(
            Stack place, long waits, long totalNs, long maxNs, long requestWaits, Map<Stack, Long> holders) {}

    /** The stack with the largest share, ties by text; EMPTY when there is none. */
    static Stack largest(Map<Stack, Long> byStack) {
        Stack best = Stack.EMPTY;
        long most = -1;
        for (Map.Entry<Stack, Long> e : byStack.entrySet()) {
            boolean tie = e.getValue() == most && e.getKey().toString().compareTo(best.toString()) < 0;
            if (e.getValue() > most || tie) {
                best = e.getKey();
                most = e.getValue();
            }
        }
        return best;
    }
}
