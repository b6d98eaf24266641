package io.unpark.trace.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * One batch taken apart, to be changed and put together again; the size on the wire follows the items. Its own description
 * of the format, so that a mistake in the decoder's does not hide.
 */
final class Batch {
    static final int EVENTS = 1;
    static final int EXPERIMENTAL = 49;
    static final int END_OF_GENERATION = 52;

    /** Number of varints behind the type's byte, by type from 0, the time of timed events included. */
    private static final String VARINTS = "04020105133143423113343114312322232212225344533454040";

    private static final int STACK = 3;
    private static final int STRING = 5;

    final int type;
    int experiment;
    long generation;
    long m;
    long ticks;
    /** Events, strings, stacks, samples: each with its type's byte. */
    List<byte[]> items;

    private Batch(int type) {
        this.type = type;
    }

    static Batch endOfGeneration() {
        Batch end = new Batch(END_OF_GENERATION);
        end.items = new ArrayList<>();
        return end;
    }

    Batch copy() {
        Batch copy = new Batch(type);
        copy.experiment = experiment;
        copy.generation = generation;
        copy.m = m;
        copy.ticks = ticks;
        copy.items = new ArrayList<>(items);
        return copy;
    }

    /** About as many as it takes on the wire. */
    int bytes() {
        return 10 + items.stream().mapToInt(item -> item.length).sum();
    }

    /** Whether it holds events of an M, not tables or clocks. */
    boolean ofEvents() {
        int first = items.isEmpty() || items.get(0).length == 0 ? 0 : items.get(0)[0] & 0xff;
        return type == EVENTS && first > 8 && first != 50;
    }

    /** The ticks of each of its events, since the clock's zero. */
    long[] times() {
        long[] times = new long[items.size()];
        long now = ticks;
        for (int i = 0; i < times.length; i++) {
            Wire in = new Wire(items.get(i));
            in.readByte();
            now += in.readVarint();
            times[i] = now;
        }
        return times;
    }

    /** The batch that the wire shows next; null when it is none, or not whole. */
    static Batch read(Wire in) {
        Batch batch = new Batch(in.readByte());
        if (batch.type == END_OF_GENERATION) {
            batch.items = new ArrayList<>();
            return batch;
        }
        if (batch.type != EVENTS && batch.type != EXPERIMENTAL) {
            return null;
        }
        batch.experiment = batch.type == EXPERIMENTAL ? in.readByte() : 0;
        batch.generation = in.readVarint();
        batch.m = in.readVarint();
        batch.ticks = in.readVarint();
        long size = in.readVarint();
        if (in.failed() || size < 0 || size > in.remaining()) {
            return null;
        }
        batch.items = items(new Wire(in.readBytes((int) size)));
        return batch;
    }

    private static List<byte[]> items(Wire in) {
        List<byte[]> items = new ArrayList<>();
        while (in.remaining() > 0) {
            int start = in.pos();
            int type = in.readByte();
            if (type == STACK) {
                in.readVarint();
                in.skipVarints(4 * in.readVarint());
            } else if (type == STRING) {
                in.readVarint();
                in.skip(in.readVarint());
            } else {
                in.skipVarints(varints(type));
            }
            items.add(in.since(start));
        }
        return items;
    }

    private static int varints(int type) {
        if (type >= 128) {
            return type <= 129 ? 4 : type == 130 || type == 133 || type == 136 ? 2 : 3;
        }
        return type < VARINTS.length() ? VARINTS.charAt(type) - '0' : 0;
    }

    void write(ByteArrayOutputStream out) {
        out.write(type);
        if (type == END_OF_GENERATION) {
            return;
        }
        if (type == EXPERIMENTAL) {
            out.write(experiment);
        }
        Wire.varint(out, generation);
        Wire.varint(out, m);
        Wire.varint(out, ticks);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        items.forEach(data::writeBytes);
        Wire.varint(out, data.size());
        out.writeBytes(data.toByteArray());
    }
}
