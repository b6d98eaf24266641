package io.unpark.streams;

import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.order.Arrival;
import io.unpark.analysis.order.ArrivalOrder;
import io.unpark.analysis.order.OrderLimits;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.TraceChunk;
import java.util.List;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Trace chunks to judgements: each chunk is put in its place, and the generations whose turn has come are judged. */
final class InstanceProcessor implements Processor<String, TraceChunk, String, byte[]> {
    static final String PAGES = "instance-pages";
    static final String HELD = "instance-held";
    static final String ORDERS = "instance-orders";
    static final String HOLDING = "instance-holding";
    static final String ARRIVALS = "instance-arrivals";

    /** What holding a chunk takes besides its bytes, at most about. */
    private static final int CHUNK_OVERHEAD_BYTES = 1024;

    private final Wiring wiring;
    private final StreamsLimits limits;
    private final AnalysisSettings analysis;
    private final StreamsCounters counters;

    private ProcessorContext<String, byte[]> context;
    private ArrivalIndex arrivals;
    private Correlators correlators;
    private StoredOrders orders;
    private GenerationTurns turns;
    private HeldInput held;

    InstanceProcessor(Wiring wiring, StreamsLimits limits, AnalysisSettings analysis, StreamsCounters counters) {
        this.wiring = wiring;
        this.limits = limits;
        this.analysis = analysis;
        this.counters = counters;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
        StatePages pages = new StatePages(context.getStateStore(PAGES));
        HeldChunks chunks = new HeldChunks(
                context.getStateStore(HELD), wiring.value(Topics.TRACE_CHUNKS), wiring.name(Topics.TRACE_CHUNKS));
        arrivals = new ArrivalIndex(
                context.getStateStore(ARRIVALS), limits.evictEvery().toMillis());
        correlators = new Correlators(pages, analysis.judges().forTask(), limits.maxCorrelators(), counters);
        orders = new StoredOrders(
                context.getStateStore(ORDERS), new OrderLimits(analysis.reorderGenerations(), limits.maxHeldBytes()));
        turns = new GenerationTurns(
                context,
                wiring,
                pages,
                correlators,
                chunks,
                orders,
                new JoinedProfiles(context.getStateStore(ProfileProcessor.PROFILES), analysis, counters),
                counters);
        ArrivalIndex holding = new ArrivalIndex(
                context.getStateStore(HOLDING), limits.evictEvery().toMillis());
        held = new HeldInput(context, holding, limits, counters.holds, this::flush);
        // Processes come and go; wall time, because only silence tells that one is gone, whatever the others' clocks
        // say.
        context.schedule(limits.evictEvery(), PunctuationType.WALL_CLOCK_TIME, this::evict);
    }

    @Override
    public void process(Record<String, TraceChunk> record) {
        TraceChunk chunk = record.value();
        ChunkChecks.check(record.key(), chunk);
        ArrivalOrder order = load(record.key());
        Arrival.Fate fate = order.take(arrival(chunk));
        switch (fate) {
            case TAKEN -> turn(record.key(), order, chunk, record.timestamp());
            case DUPLICATE -> counters.duplicate(chunk.getPart());
            case LATE -> {
                counters.lateChunks.increment();
                throw refusal(chunk, ChunkLetters.LATE, "comes too late: what follows it was judged without it");
            }
            case CONTRADICTION ->
                throw refusal(
                        chunk, ChunkLetters.CONTRADICTION, "came in another number of parts than " + chunk.getParts());
        }
        arrivals.touch(record.key(), context.currentSystemTimeMs());
    }

    private Arrival arrival(TraceChunk chunk) {
        return new Arrival(
                chunk.getCapture(),
                chunk.getSequence(),
                chunk.getGeneration(),
                chunk.getPart(),
                chunk.getParts(),
                chunk.getLast(),
                chunk.getBytes().remaining() + CHUNK_OVERHEAD_BYTES,
                context.recordMetadata().orElseThrow().offset());
    }

    private static RefusedInputException refusal(TraceChunk chunk, String reason, String what) {
        return new RefusedInputException(
                "generation " + chunk.getGeneration() + " of capture " + chunk.getCapture() + " " + what,
                null,
                List.of(),
                reason);
    }

    private void turn(String key, ArrivalOrder order, TraceChunk arriving, long timestampMs) {
        turns.take(key, order, arriving, timestampMs);
        if (!order.isHolding()) {
            held.released(key);
        } else if (arriving != null && order.holds(arriving.getCapture(), arriving.getGeneration())) {
            held.held(key);
        }
    }

    private ArrivalOrder load(String key) {
        try {
            return orders.load(key);
        } catch (CodecException e) {
            counters.discardedStates.increment();
            orders.discard(key, e);
            turns.forget(key);
            return orders.load(key);
        }
    }

    /** Nothing of the instance is waited for any longer. */
    private void flush(String key) {
        ArrivalOrder order = load(key);
        order.flush();
        turn(key, order, null, context.currentSystemTimeMs());
    }

    private void evict(long nowMs) {
        long silentSinceMs = nowMs - limits.instanceRetention().toMillis();
        for (String key : arrivals.silentSince(silentSinceMs, limits.maxEvictionsPerRun())) {
            turns.forget(key);
            held.released(key);
            arrivals.remove(key);
            counters.evictedInstances.increment();
        }
    }

    /** A task that closes may have been aborted: the heap copies may be ahead of the stores. */
    @Override
    public void close() {
        if (correlators != null) {
            correlators.clear();
        }
        if (held != null) {
            held.close();
        }
    }
}
