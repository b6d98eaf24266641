package io.unpark.analysis.order;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.order.Arrival.Fate;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The order in which the chunks of one instance are judged, whatever the order in which they come. It knows numbers only; the
 * bytes are held by whoever uses it. {@link #take} says what becomes of a chunk, then {@link #next} gives the steps that are
 * due, until there is none.
 *
 * <p>Within a capture generations are judged in the order of their numbers. Captures do not wait for each other: one that is open
 * beside another gets a lane of its own, and one that comes after a whole one follows it in its lane. Not thread-safe.
 */
public final class ArrivalOrder {
    /** Captures that are open at the same time; beyond it the one is closed that was silent for longest. */
    public static final int MAX_LANES = 4;

    /** Most parts of one generation. */
    public static final int MAX_PARTS = Long.SIZE;

    private static final int VERSION = 1;

    private final OrderLimits limits;
    private final PastCaptures past;
    private final TreeMap<Integer, Lane> lanes = new TreeMap<>();
    private long uses;
    private boolean flushing;

    private static final class Lane {
        /** Null between two captures. */
        private CaptureOrder capture;

        private long lastUse;
    }

    private ArrivalOrder(OrderLimits limits, PastCaptures past) {
        this.limits = limits;
        this.past = past;
    }

    /** Of an instance that nothing came from. */
    public static ArrivalOrder empty(OrderLimits limits) {
        return new ArrivalOrder(limits, new PastCaptures(() -> null));
    }

    /**
     * As it was when it was written.
     *
     * @param open {@link #toBytes}, or null
     * @param past {@link #pastToBytes}, or null; asked when needed, which is rare
     * @throws CodecException now or later when they are damaged or of another version
     */
    public static ArrivalOrder fromBytes(byte[] open, Supplier<byte[]> past, OrderLimits limits) {
        ArrivalOrder order = new ArrivalOrder(limits, new PastCaptures(past));
        if (open != null) {
            BinaryReader in = new BinaryReader(open);
            int version = in.readByte();
            if (version != VERSION) {
                throw new CodecException("order of version " + version + ", this is " + VERSION);
            }
            order.uses = in.readUnsigned();
            for (int left = in.readCount(); left > 0; left--) {
                Lane lane = new Lane();
                order.lanes.put((int) in.readUnsigned(), lane);
                lane.lastUse = in.readUnsigned();
                lane.capture = in.readBoolean() ? CaptureOrder.read(in) : null;
            }
            in.expectEnd();
        }
        return order;
    }

    /** What is open, to be written when something was {@link Fate#TAKEN} or steps were done. */
    public byte[] toBytes() {
        BinaryWriter out = new BinaryWriter();
        out.writeByte(VERSION);
        out.writeUnsigned(uses);
        out.writeUnsigned(lanes.size());
        lanes.forEach((number, lane) -> {
            out.writeUnsigned(number);
            out.writeUnsigned(lane.lastUse);
            out.writeBoolean(lane.capture != null);
            if (lane.capture != null) {
                lane.capture.write(out);
            }
        });
        return out.toBytes();
    }

    /** The captures that are over, when they are others than before; empty otherwise. */
    public Optional<byte[]> pastToBytes() {
        return past.toBytes();
    }

    /** Takes one chunk; what it makes due is then told by {@link #next}. */
    public Fate take(Arrival it) {
        if (it.part() < 0 || it.part() >= it.parts() || it.parts() > MAX_PARTS) {
            throw new IllegalArgumentException("part " + it.part() + " of " + it.parts());
        }
        Lane lane = laneOf(it.capture());
        CaptureOrder capture = lane == null ? past.get(it.capture()) : lane.capture;
        if (capture == null) {
            capture = CaptureOrder.of(it);
        }
        Fate fate = capture.fateOf(it);
        if (fate == Fate.TAKEN) {
            if (lane == null) {
                past.remove(it.capture());
                lane = freeLane();
                lane.capture = capture;
            }
            capture.take(it);
            lane.lastUse = ++uses;
        }
        return fate;
    }

    private Lane laneOf(String capture) {
        for (Lane lane : lanes.values()) {
            if (lane.capture != null && lane.capture.capture().equals(capture)) {
                return lane;
            }
        }
        return null;
    }

    private Lane freeLane() {
        int number = 0;
        for (; lanes.containsKey(number); number++) {
            if (lanes.get(number).capture == null) {
                return lanes.get(number);
            }
        }
        Lane added = new Lane();
        lanes.put(number, added);
        return added;
    }

    /** The next step, until there is none. */
    public Optional<Step> next() {
        if (lanes.size() > MAX_LANES) {
            return Optional.of(closeOldest());
        }
        boolean tooMuch = heldBytes() > limits.maxHeldBytes();
        int largest = tooMuch ? largestLane() : -1;
        for (var entry : lanes.entrySet()) {
            Lane lane = entry.getValue();
            if (lane.capture == null) {
                continue;
            }
            boolean force = flushing || entry.getKey() == largest;
            Optional<Step> step = lane.capture.step(entry.getKey(), limits.reorderGenerations(), force);
            if (step.isPresent()) {
                return step;
            }
            if (lane.capture.isDone()) {
                endCapture(lane);
            }
        }
        flushing = false;
        return Optional.empty();
    }

    private Step closeOldest() {
        int number = lanes.entrySet().stream()
                .min(Comparator.comparingLong(e -> e.getValue().lastUse))
                .orElseThrow()
                .getKey();
        Lane lane = lanes.get(number);
        Optional<Step> held = lane.capture.step(number, limits.reorderGenerations(), true);
        if (held.isPresent()) {
            return held.get();
        }
        endCapture(lane);
        lanes.remove(number);
        return new Step.CloseLane(number);
    }

    private void endCapture(Lane lane) {
        past.add(lane.capture);
        lane.capture = null;
    }

    private int largestLane() {
        return lanes.entrySet().stream()
                .filter(e -> e.getValue().capture != null)
                .max(Comparator.comparingLong(e -> e.getValue().capture.heldBytes()))
                .orElseThrow()
                .getKey();
    }

    /** Nothing is waited for any longer: {@link #next} then gives everything that is held. */
    public void flush() {
        flushing = true;
    }

    /** What was due could not be judged: sent again, it is taken, unless one after it was judged by then. */
    public void refused(Step.Judge step) {
        Lane lane = laneOf(step.capture());
        if (lane != null) {
            lane.capture.refuse(step.generation());
        }
    }

    /** Whether parts of this generation are held. */
    public boolean holds(String capture, long generation) {
        Lane lane = laneOf(capture);
        return lane != null && lane.capture.holds(generation);
    }

    /** Lane of an open capture; of one that {@link #holds} something there is one. */
    public int lane(String capture) {
        return lanes.entrySet().stream()
                .filter(e -> e.getValue().capture != null
                        && e.getValue().capture.capture().equals(capture))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** Whether anything is held. */
    public boolean isHolding() {
        return lanes.values().stream().anyMatch(lane -> lane.capture != null && lane.capture.isHolding());
    }

    private long heldBytes() {
        return lanes.values().stream()
                .filter(lane -> lane.capture != null)
                .mapToLong(lane -> lane.capture.heldBytes())
                .sum();
    }
}
