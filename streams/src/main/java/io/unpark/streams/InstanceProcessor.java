package io.unpark.streams;

import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.StatePage;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.streams.PendingParts.Whole;
import io.unpark.trace.TraceFormatException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Trace chunks to judgements. A generation is decoded and judged in memory, its output is serialised, and only then is
 * anything put: after that, nothing can fail because of the input.
 */
final class InstanceProcessor implements Processor<String, TraceChunk, String, byte[]> {
    static final String PAGES = "instance-pages";
    static final String PARTS = "instance-parts";
    static final String ARRIVALS = "instance-arrivals";

    private final Wiring wiring;
    private final StreamsLimits limits;
    private final AnalysisSettings analysis;
    private final StreamsCounters counters;

    private ProcessorContext<String, byte[]> context;
    private StatePages pages;
    private PendingParts parts;
    private ArrivalIndex arrivals;
    private Correlators correlators;
    private Outbox outbox;

    InstanceProcessor(Wiring wiring, StreamsLimits limits, AnalysisSettings analysis, StreamsCounters counters) {
        this.wiring = wiring;
        this.limits = limits;
        this.analysis = analysis;
        this.counters = counters;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
        pages = new StatePages(context.getStateStore(PAGES));
        parts = new PendingParts(
                context.getStateStore(PARTS), wiring.value(Topics.TRACE_CHUNKS), wiring.name(Topics.TRACE_CHUNKS));
        arrivals = new ArrivalIndex(
                context.getStateStore(ARRIVALS), limits.evictEvery().toMillis());
        correlators = new Correlators(pages, analysis.judges(), limits.maxCorrelators(), counters);
        outbox = new Outbox(wiring, InstanceTopology.STAGE);
        // Processes come and go; wall time, because only silence tells that one is gone, whatever the others' clocks
        // say.
        context.schedule(limits.evictEvery(), PunctuationType.WALL_CLOCK_TIME, this::evict);
    }

    @Override
    public void process(Record<String, TraceChunk> record) {
        TraceChunk chunk = record.value();
        ChunkChecks.check(record.key(), chunk);
        RecordMetadata source = context.recordMetadata().orElseThrow();
        Whole whole = new Whole(chunk.getBytes(), source.offset(), List.of());
        if (chunk.getParts() > 1) {
            Optional<Whole> joined = parts.complete(record.key(), chunk, source.offset());
            if (joined.isEmpty()) {
                counters.incompleteGenerations.add(parts.hold(record.key(), chunk, source.offset()));
                arrivals.touch(record.key(), context.currentSystemTimeMs());
                return;
            }
            whole = joined.get();
        }
        outbox.clear();
        List<StatePage> changed = judge(record.key(), chunk, whole, source);
        pages.put(record.key(), changed);
        if (chunk.getParts() > 1) {
            parts.forget(record.key(), chunk.getCapture(), chunk.getGeneration());
        }
        arrivals.touch(record.key(), context.currentSystemTimeMs());
        outbox.send(context, record.timestamp());
    }

    /** Fills the outbox and returns the changed pages; nothing is written when it throws, save that held parts are let go. */
    private List<StatePage> judge(String key, TraceChunk chunk, Whole whole, RecordMetadata source) {
        try {
            GenerationJudge judge = correlators.get(key, PartMapper.toDomain(chunk.getInstance()));
            Optional<InstanceOutput> output = judge.process(input(chunk, whole, source));
            counters.generations.increment();
            if (output.isEmpty()) {
                counters.duplicateGenerations.increment();
                return List.of();
            }
            GenerationOutput.addTo(outbox, key, output.get());
            counters.segments.add(output.get().segments().size());
            counters.findings.add(output.get().findings().size());
            List<StatePage> changed = judge.dirtyPages();
            StatePages.check(changed);
            return changed;
        } catch (TraceFormatException | RuntimeException e) {
            correlators.drop(key);
            if (Failures.isNotTheInputsFault(e)) {
                throw (RuntimeException) e;
            }
            parts.forget(key, chunk.getCapture(), chunk.getGeneration());
            throw new RefusedInputException(
                    "generation " + chunk.getGeneration() + " of capture " + chunk.getCapture() + " is refused",
                    e,
                    whole.earlier());
        }
    }

    private static GenerationInput input(TraceChunk chunk, Whole whole, RecordMetadata source) {
        ChunkRef ref = new ChunkRef(
                source.topic(), source.partition(), whole.firstOffset(), chunk.getCapture(), chunk.getGeneration());
        return new GenerationInput(
                chunk.getGoMinor(),
                chunk.getCapture(),
                chunk.getSequence(),
                chunk.getGeneration(),
                chunk.getCapturedUnixNs(),
                chunk.getClockErrorNs(),
                whole.bytes(),
                ref,
                "");
    }

    private void evict(long nowMs) {
        long silentSinceMs = nowMs - limits.instanceRetention().toMillis();
        for (String key : arrivals.silentSince(silentSinceMs, limits.maxEvictionsPerRun())) {
            correlators.drop(key);
            pages.deleteAll(key);
            parts.forgetAll(key);
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
    }
}
