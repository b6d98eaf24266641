package io.unpark.analysis.instance;

import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.GoState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything a correlator knows of one instance between two generations. */
final class InstanceState {
    /** Generations whose bytes a finding refers to: the last ones before it. */
    private static final int MAX_CHUNKS = 3;

    private static final int MAX_PAST_CAPTURES = 256;

    final StackTable stacks = new StackTable();
    final Shape.Cache shapes;
    final ServerStack.Cache servers;
    final TraceClock clock = new TraceClock();
    final StopTheWorld world = new StopTheWorld();
    final LongMap<Goroutine> goroutines = new LongMap<>();
    final Cohorts cohorts = new Cohorts();
    final Causes causes = new Causes(goroutines);
    final RouteHistories routes = new RouteHistories();
    final SlowestRequests slowest = new SlowestRequests();
    final RuntimeMeter meter = new RuntimeMeter(world);
    final BlockMeter blocks = new BlockMeter(stacks);
    final LockMeter locks;
    final Deque<ChunkRef> chunks = new ArrayDeque<>();

    /** The capture at hand, "" before the first; and the last generation of it that was taken. */
    String capture = "";

    long lastGeneration;

    /** Earlier captures and their last generations, oldest first: one that is sent again has no effect. */
    final Map<String, Long> pastCaptures = new LinkedHashMap<>();

    /** A generation before the one at hand is missing. */
    boolean afterGap;

    InstanceState(UserCode userCode) {
        this.shapes = new Shape.Cache(userCode);
        this.locks = new LockMeter(shapes, stacks);
        this.servers = new ServerStack.Cache(stacks, userCode);
    }

    /** Whether this generation was taken before. */
    boolean isDuplicate(String ofCapture, long generation) {
        long last = ofCapture.equals(capture) ? lastGeneration : pastCaptures.getOrDefault(ofCapture, 0L);
        return generation <= last;
    }

    /** The capture at hand is over. */
    void closeCapture() {
        if (!capture.isEmpty()) {
            pastCaptures.remove(capture);
            pastCaptures.put(capture, lastGeneration);
        }
        if (pastCaptures.size() > MAX_PAST_CAPTURES) {
            pastCaptures.remove(pastCaptures.keySet().iterator().next());
        }
    }

    void chunk(ChunkRef ref) {
        chunks.addLast(ref);
        if (chunks.size() > MAX_CHUNKS) {
            chunks.removeFirst();
        }
    }

    /**
     * What the goroutines did in the missing generation is not known; where they came from still is. Those alive count as older
     * than the trace from now on: that one was never woken since its birth can no longer be said.
     */
    void gap(long nowNs) {
        afterGap = true;
        causes.forget();
        chunks.clear();
        goroutines.forEachSorted(g -> {
            g.state = GoState.UNDETERMINED;
            g.wokenHere = 0;
            g.served = null;
            g.servedWakes = Math.max(1, g.servedWakes); // it may have been given something
            if (g.created()) {
                cohorts.of(g).livedUntil(g.createdNs, nowNs);
                g.createdNs = Goroutine.UNKNOWN_NS;
            }
            g.assisting = false;
        });
    }

    /** A generation tells of every goroutine alive: those it did not name ended in the gap. */
    void forgetUnseen() {
        afterGap = false;
        for (long id : goroutines.sortedKeys()) {
            if (goroutines.get(id).state == GoState.UNDETERMINED) {
                goroutines.remove(id);
            }
        }
    }
}
