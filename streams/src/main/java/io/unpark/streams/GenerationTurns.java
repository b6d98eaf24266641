package io.unpark.streams;

import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.LaneSums;
import io.unpark.analysis.instance.StatePage;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.order.ArrivalOrder;
import io.unpark.analysis.order.Step;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.TraceFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Judges the generations whose turn has come, one after the other. Each is decoded, judged and serialised in memory, and only then
 * is anything of it put; one that is refused goes to the dead-letter topic, and the next follows.
 */
final class GenerationTurns {
    /** Largest generation, joined. */
    static final long MAX_GENERATION_BYTES = 128L << 20;

    private final ProcessorContext<String, byte[]> context;
    private final StatePages pages;
    private final Correlators correlators;
    private final HeldChunks held;
    private final StoredOrders orders;
    private final JoinedProfiles profiles;
    private final Outbox outbox;
    private final ChunkLetters letters;
    private final StreamsCounters counters;
    private final String topic;

    GenerationTurns(
            ProcessorContext<String, byte[]> context,
            Wiring wiring,
            StatePages pages,
            Correlators correlators,
            HeldChunks held,
            StoredOrders orders,
            JoinedProfiles profiles,
            StreamsCounters counters) {
        this.context = context;
        this.pages = pages;
        this.correlators = correlators;
        this.held = held;
        this.orders = orders;
        this.profiles = profiles;
        this.outbox = new Outbox(wiring, InstanceTopology.STAGE);
        this.letters = new ChunkLetters(context, wiring);
        this.counters = counters;
        this.topic = wiring.name(Topics.TRACE_CHUNKS);
    }

    /**
     * Does all that is due, and keeps what is not.
     *
     * @param arriving the chunk that was taken just now and is not held yet; null when there is none
     */
    void take(String key, ArrivalOrder order, TraceChunk arriving, long timestampMs) {
        StoredOrders.Sums sums = orders.sums(key);
        for (Optional<Step> next = order.next(); next.isPresent(); next = order.next()) {
            Step step = next.get();
            if (step instanceof Step.Judge judge) {
                judge(key, order, judge, sums, arriving, timestampMs);
            } else if (step instanceof Step.Missing missing) {
                counters.missingGenerations.add(missing.count());
                counters.evictedWaits.add(missing.forced() ? 1 : 0);
            } else if (step instanceof Step.GiveUp incomplete) {
                giveUp(key, incomplete, arriving, timestampMs);
            } else if (step instanceof Step.CloseLane closed) {
                close(key, closed.lane(), sums);
            }
        }
        if (arriving != null && order.holds(arriving.getCapture(), arriving.getGeneration())) {
            held.put(key, order.lane(arriving.getCapture()), arriving);
        }
        orders.save(key, order);
    }

    private void judge(
            String key,
            ArrivalOrder order,
            Step.Judge step,
            StoredOrders.Sums sums,
            TraceChunk arriving,
            long timestampMs) {
        List<TraceChunk> parts = parts(key, step.lane(), step.capture(), step.generation(), step.parts(), arriving);
        String lane = laneKey(key, step.lane());
        outbox.clear();
        try {
            List<StatePage> changed = judge(key, lane, step, parts, sums);
            pages.put(lane, changed);
            sums.write();
            profiles.write();
            outbox.send(context, timestampMs);
        } catch (TraceFormatException | RuntimeException e) {
            correlators.drop(lane);
            sums.forget();
            profiles.forget();
            if (Failures.isNotTheInputsFault(e)) {
                throw (RuntimeException) e;
            }
            order.refused(step);
            String what = "generation " + step.generation() + " of capture " + step.capture() + " is refused";
            letters.send(key, bytes(parts), step.firstOffset(), timestampMs, "", new RefusedInputException(what, e));
        }
        delete(key, step.lane(), step.capture(), step.generation(), step.parts(), arriving);
    }

    /** Fills the outbox and the sums, and returns the changed pages. Writes nothing. */
    private List<StatePage> judge(
            String key, String lane, Step.Judge step, List<TraceChunk> parts, StoredOrders.Sums sums)
            throws TraceFormatException {
        TraceChunk first = parts.get(0);
        GenerationInput input = input(first, joined(parts), step.firstOffset());
        GenerationJudge judge = correlators.get(lane, PartMapper.toDomain(first.getInstance()));
        Optional<InstanceOutput> output = judge.process(input);
        counters.generations.increment();
        if (output.isEmpty()) {
            counters.duplicateGenerations.increment();
            return List.of();
        }
        InstanceOutput summed =
                profiles.join(key, PartMapper.toDomain(first.getInstance()), summed(step.lane(), output.get(), sums));
        GenerationOutput.addTo(outbox, key, summed);
        List<StatePage> changed = judge.dirtyPages();
        StatePages.check(changed);
        counters.segments.add(summed.segments().size());
        counters.findings.add(summed.findings().size());
        return changed;
    }

    private InstanceOutput summed(int lane, InstanceOutput it, StoredOrders.Sums store) {
        LaneSums sums = new LaneSums(store);
        InstanceOutput summed = new InstanceOutput(
                sums.sum(lane, it.findings()), it.segments(), it.window(), it.routes(), it.profile());
        counters.discardedStates.add(sums.unreadable());
        return summed;
    }

    /** Parts of a generation whose others never came. */
    private void giveUp(String key, Step.GiveUp step, TraceChunk arriving, long timestampMs) {
        counters.incompleteGenerations.increment();
        counters.missingGenerations.increment();
        counters.evictedWaits.add(step.forced() ? 1 : 0);
        List<TraceChunk> parts = new ArrayList<>();
        for (TraceChunk part : parts(key, step.lane(), step.capture(), step.generation(), step.parts(), arriving)) {
            if (part != null) {
                parts.add(part);
            }
        }
        String what = "generation " + step.generation() + " of capture " + step.capture() + " is incomplete: "
                + parts.size() + " of " + step.parts() + " parts came";
        letters.send(
                key,
                bytes(parts),
                step.firstOffset(),
                timestampMs,
                ChunkLetters.INCOMPLETE,
                new RefusedInputException(what));
        delete(key, step.lane(), step.capture(), step.generation(), step.parts(), arriving);
    }

    private void close(String key, int lane, StoredOrders.Sums sums) {
        counters.closedCaptures.increment();
        correlators.drop(laneKey(key, lane));
        pages.deleteAll(laneKey(key, lane));
        new LaneSums(sums).close(lane);
        sums.write();
    }

    /** Forgets an instance. */
    void forget(String key) {
        for (int lane = 0; lane <= ArrivalOrder.MAX_LANES; lane++) {
            correlators.drop(laneKey(key, lane));
        }
        pages.deleteAll(key);
        held.deleteAll(key);
        orders.deleteAll(key);
        profiles.deleteAll(key);
    }

    /** By number; null where a part is not there. */
    private List<TraceChunk> parts(
            String key, int lane, String capture, long generation, int count, TraceChunk arriving) {
        List<TraceChunk> parts = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            parts.add(isPart(arriving, capture, generation, part) ? arriving : held.get(key, lane, generation, part));
        }
        return parts;
    }

    private void delete(String key, int lane, String capture, long generation, int count, TraceChunk arriving) {
        for (int part = 0; part < count; part++) {
            if (!isPart(arriving, capture, generation, part)) {
                held.delete(key, lane, generation, part);
            }
        }
    }

    private static boolean isPart(TraceChunk arriving, String capture, long generation, int part) {
        return arriving != null
                && arriving.getPart() == part
                && arriving.getGeneration() == generation
                && arriving.getCapture().equals(capture);
    }

    private List<byte[]> bytes(List<TraceChunk> parts) {
        return parts.stream().map(held::toBytes).toList();
    }

    private static ByteBuffer joined(List<TraceChunk> parts) {
        if (parts.size() == 1) {
            return parts.get(0).getBytes();
        }
        long total = parts.stream().mapToLong(p -> p.getBytes().remaining()).sum();
        if (total > MAX_GENERATION_BYTES) {
            throw new RefusedInputException(
                    "a generation of " + total + " bytes, at most " + MAX_GENERATION_BYTES + " are taken");
        }
        ByteBuffer joined = ByteBuffer.allocate((int) total);
        parts.forEach(part -> joined.put(part.getBytes().duplicate()));
        return joined.flip();
    }

    private GenerationInput input(TraceChunk first, ByteBuffer bytes, long firstOffset) {
        ChunkRef ref = new ChunkRef(
                topic, context.taskId().partition(), firstOffset, first.getCapture(), first.getGeneration());
        return new GenerationInput(
                first.getGoMinor(),
                first.getCapture(),
                first.getSequence(),
                first.getGeneration(),
                first.getCapturedUnixNs(),
                first.getClockErrorNs(),
                bytes,
                ref,
                "");
    }

    /** Pages of a lane lie under a key of their own, which begins with the instance's. */
    private static String laneKey(String key, int lane) {
        return key + "/" + lane;
    }
}
