package io.unpark.analysis;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.LaneSums;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.order.Arrival;
import io.unpark.analysis.order.ArrivalOrder;
import io.unpark.analysis.order.OrderLimits;
import io.unpark.analysis.order.Step;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One instance as the pipeline has it: chunks in any order, correlators in lanes, everything in a store that survives a restart. */
public final class OrderedFeed implements LaneSums.Store {
    private final Instance instance;
    private final AnalysisConfig config;
    private final Map<Integer, InstanceFeed> lanes = new HashMap<>();
    private final Map<String, Chunk> held = new HashMap<>();
    private final TreeMap<String, byte[]> sums = new TreeMap<>();
    private final OrderLimits limits;
    private byte[] open;
    private byte[] past;

    /** One generation of one capture, as it was sent. */
    public record Chunk(String capture, long sequence, boolean last, int goMinor, RawGeneration raw) {
        String key() {
            return capture + "/" + raw.generation();
        }
    }

    public OrderedFeed(Instance instance, AnalysisConfig config) {
        this.instance = instance;
        this.config = config;
        this.limits = new OrderLimits(config.reorderGenerations(), 64 << 20);
    }

    /** All of a recording as one capture. */
    public static List<Chunk> chunks(String capture, Recordings.Generations tape) {
        List<Chunk> chunks = new ArrayList<>();
        for (RawGeneration raw : tape.list()) {
            boolean last = chunks.size() == tape.list().size() - 1;
            chunks.add(new Chunk(capture, chunks.size(), last, tape.goMinor(), raw));
        }
        return chunks;
    }

    /** Takes a chunk; what it makes due is judged. */
    public List<InstanceOutput> take(Chunk it) throws TraceFormatException {
        ArrivalOrder order = ArrivalOrder.fromBytes(open, () -> past, limits);
        Arrival arrival = new Arrival(
                it.capture(),
                it.sequence(),
                it.raw().generation(),
                0,
                1,
                it.last(),
                it.raw().bytes().remaining(),
                0);
        if (order.take(arrival) != Arrival.Fate.TAKEN) {
            return List.of();
        }
        held.put(it.key(), it);
        return work(order);
    }

    /** No more input comes. */
    public List<InstanceOutput> flush() throws TraceFormatException {
        ArrivalOrder order = ArrivalOrder.fromBytes(open, () -> past, limits);
        order.flush();
        return work(order);
    }

    private List<InstanceOutput> work(ArrivalOrder order) throws TraceFormatException {
        List<InstanceOutput> outputs = new ArrayList<>();
        for (Optional<Step> next = order.next(); next.isPresent(); next = order.next()) {
            if (next.get() instanceof Step.Judge judge) {
                Chunk chunk = held.remove(judge.capture() + "/" + judge.generation());
                lanes.computeIfAbsent(judge.lane(), lane -> new InstanceFeed(instance, config))
                        .take(chunk.capture(), chunk.goMinor(), chunk.raw())
                        .ifPresent(it -> outputs.add(summed(judge.lane(), it)));
            } else if (next.get() instanceof Step.CloseLane closed) {
                lanes.remove(closed.lane());
                new LaneSums(this).close(closed.lane());
            }
        }
        open = order.toBytes();
        order.pastToBytes().ifPresent(bytes -> past = bytes);
        return outputs;
    }

    private InstanceOutput summed(int lane, InstanceOutput it) {
        return new InstanceOutput(
                new LaneSums(this).sum(lane, it.findings()), it.segments(), it.window(), it.routes(), it.profile());
    }

    /** As after a crash: what is not in the stores is gone. */
    public void restart() {
        lanes.values().forEach(InstanceFeed::restart);
    }

    /** Captures that were open beside each other. */
    public int lanes() {
        return lanes.size();
    }

    @Override
    public byte[] get(String group) {
        return sums.get(group);
    }

    @Override
    public void put(String group, byte[] bytes) {
        sums.put(group, bytes);
    }

    @Override
    public List<String> groups() {
        return List.copyOf(sums.keySet());
    }
}
