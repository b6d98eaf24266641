package io.unpark.analysis.order;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.order.Arrival.Fate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The order of one capture's generations. Which of them are missing follows from the numbers of those that came, and from
 * nothing else, as long as nobody forces it.
 */
final class CaptureOrder {
    private final String capture;
    /** The capture's first generation, as far as its sender says; 1 is the first that the runtime ever gives. */
    private final long start;

    private final boolean startKnown;
    private final MissingGenerations missing;
    private final TreeMap<Long, HeldGeneration> held = new TreeMap<>();

    /** The generation whose turn is next: all before it were judged, or declared missing. */
    private long next;

    /** One was judged. */
    private boolean begun;

    /** {@link #next} came and was refused: it may come again, but nobody waits for it. */
    private boolean refused;

    /** The capture's last generation; 0 while not known. */
    private long last;

    private CaptureOrder(String capture, long start, boolean startKnown, MissingGenerations missing) {
        this.capture = capture;
        this.start = start;
        this.startKnown = startKnown;
        this.missing = missing;
        this.next = start;
    }

    /** A capture of which this is the first that came, and maybe not the first that there is. */
    static CaptureOrder of(Arrival first) {
        boolean numbered = first.sequence() >= 0 && first.sequence() < first.generation();
        long start = numbered ? first.generation() - first.sequence() : 1;
        return new CaptureOrder(first.capture(), start, numbered, new MissingGenerations());
    }

    String capture() {
        return capture;
    }

    /** What becomes of a chunk when it comes now; changes nothing. */
    Fate fateOf(Arrival it) {
        long generation = it.generation();
        if (generation < next) {
            return generation < start || missing.contains(generation) ? Fate.LATE : Fate.DUPLICATE;
        }
        if (last != 0 && generation > last) {
            return Fate.LATE;
        }
        HeldGeneration known = held.get(generation);
        if (known == null) {
            return Fate.TAKEN;
        }
        if (known.parts() != it.parts()) {
            return known.isWhole() ? Fate.DUPLICATE : Fate.CONTRADICTION;
        }
        return known.has(it.part()) ? Fate.DUPLICATE : Fate.TAKEN;
    }

    /** Takes a chunk whose fate is {@link Fate#TAKEN}. */
    void take(Arrival it) {
        held.merge(it.generation(), HeldGeneration.of(it), HeldGeneration::and);
        if (it.last()) {
            last = it.generation();
        }
    }

    /**
     * The next step that is due.
     *
     * @param force nothing is waited for
     */
    Optional<Step> step(int lane, int bound, boolean force) {
        if (held.isEmpty()) {
            return Optional.empty();
        }
        long newest = held.lastKey();
        Map.Entry<Long, HeldGeneration> head = held.firstEntry();
        long generation = head.getKey();
        if (generation > next && refused) {
            declareMissing(next + 1);
        }
        if (generation > next) {
            long to = force ? generation : Math.min(generation, newest - bound);
            boolean counts = startKnown || begun;
            long from = next;
            if (to > next) {
                declareMissing(to);
            }
            if (to > from && counts) {
                return Optional.of(new Step.Missing(lane, capture, from, to - from, force));
            }
        }
        if (generation > next) {
            return Optional.empty();
        }
        return turn(lane, head.getValue(), force, newest - generation > bound);
    }

    private void declareMissing(long to) {
        missing.add(next, to);
        next = to;
        refused = false;
    }

    /** {@link #next} is held, whole or in part. */
    private Optional<Step> turn(int lane, HeldGeneration it, boolean force, boolean overdue) {
        long generation = next;
        if (it.isWhole()) {
            held.remove(generation);
            next++;
            begun = true;
            refused = false;
            return Optional.of(new Step.Judge(lane, capture, generation, it.parts(), it.firstOffset()));
        }
        if (!force && !overdue) {
            return Optional.empty();
        }
        held.remove(generation);
        declareMissing(generation + 1);
        return Optional.of(new Step.GiveUp(
                lane, capture, generation, it.parts(), it.present(), it.firstOffset(), force && !overdue));
    }

    /** The generation that was due last could not be judged. */
    void refuse(long generation) {
        if (next == generation + 1) {
            next = generation;
            refused = true;
        }
    }

    boolean holds(long generation) {
        return held.containsKey(generation);
    }

    boolean isHolding() {
        return !held.isEmpty();
    }

    long heldBytes() {
        return held.values().stream().mapToLong(HeldGeneration::bytes).sum();
    }

    /** Whether everything of the capture came, up to its known end. */
    boolean isDone() {
        return last != 0 && next > last && held.isEmpty();
    }

    void write(BinaryWriter out) {
        out.writeText(capture);
        out.writeUnsigned(start);
        out.writeBoolean(startKnown);
        missing.write(out);
        out.writeUnsigned(next);
        out.writeBoolean(begun);
        out.writeBoolean(refused);
        out.writeUnsigned(last);
        out.writeUnsigned(held.size());
        held.forEach((generation, it) -> {
            out.writeUnsigned(generation);
            it.write(out);
        });
    }

    static CaptureOrder read(BinaryReader in) {
        CaptureOrder it =
                new CaptureOrder(in.readText(), in.readUnsigned(), in.readBoolean(), MissingGenerations.read(in));
        it.next = in.readUnsigned();
        it.begun = in.readBoolean();
        it.refused = in.readBoolean();
        it.last = in.readUnsigned();
        for (int left = in.readCount(); left > 0; left--) {
            it.held.put(in.readUnsigned(), HeldGeneration.read(in));
        }
        return it;
    }
}
