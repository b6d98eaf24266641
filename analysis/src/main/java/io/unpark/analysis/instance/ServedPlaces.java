package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.model.Stack;
import java.util.function.UnaryOperator;

/**
 * Where a goroutine was given something, and how often. One that goes round by several places (takes a job, then waits until it may go
 * on) is a worker at each of them, though no two of its waits in a row are at one place.
 */
final class ServedPlaces {
    /** Places of one round; who has more is known by the first ones. */
    private static final int MAX_PLACES = 4;

    private final Stack[] places = new Stack[MAX_PLACES];
    private final int[] counts = new int[MAX_PLACES];
    private int size;

    /** Who served it last. */
    private long by = Goroutine.NOBODY;

    void served(Stack place, long waker) {
        add(place, 1);
        by = waker;
    }

    long by() {
        return by;
    }

    int places() {
        return size;
    }

    int at(Stack place) {
        int at = find(place);
        return at < size ? counts[at] : 0;
    }

    /** What was known of the same goroutine before. */
    void addAll(ServedPlaces before, UnaryOperator<Stack> intern) {
        by = by == Goroutine.NOBODY ? before.by : by;
        for (int i = 0; i < before.size; i++) {
            add(intern.apply(before.places[i]), before.counts[i]);
        }
    }

    private void add(Stack place, int count) {
        int at = find(place);
        if (at == MAX_PLACES) {
            return;
        }
        places[at] = place;
        counts[at] += count;
        size = Math.max(size, at + 1);
    }

    /** The place's index, or the next free one. */
    private int find(Stack place) {
        int at = 0;
        while (at < size && !places[at].equals(place)) {
            at++;
        }
        return at;
    }

    void write(BinaryWriter out, StackRefs stacks) {
        out.writeSigned(by);
        out.writeUnsigned(size);
        for (int i = 0; i < size; i++) {
            stacks.write(out, places[i]);
            out.writeUnsigned(counts[i]);
        }
    }

    static ServedPlaces read(BinaryReader in, StackRefs stacks) {
        ServedPlaces read = new ServedPlaces();
        read.by = in.readSigned();
        for (int i = in.readCount(); i > 0; i--) {
            Stack place = stacks.read(in);
            read.add(place, (int) in.readUnsigned());
        }
        return read;
    }
}
