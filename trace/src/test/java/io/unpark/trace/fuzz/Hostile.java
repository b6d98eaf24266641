package io.unpark.trace.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Inputs of one megabyte, made to cost as much as they can: each aims at one thing that grows with the square of an
 * input, or is many times as large.
 */
final class Hostile {
    private static final int SYNC = 50;
    private static final int FREQUENCY = 8;
    private static final int CLOCK_SNAPSHOT = 51;
    private static final int STRINGS = 4;
    private static final int STRING = 5;
    private static final int STACKS = 2;
    private static final int STACK = 3;
    private static final int PROC_STATUS = 13;
    private static final int GO_STATUS = 25;
    private static final int GO_UNBLOCK = 21;
    private static final int GO_CREATE = 14;
    private static final int STW_BEGIN = 26;
    private static final int USER_TASK_BEGIN = 40;
    private static final int USER_REGION_BEGIN = 42;
    private static final int CPU_SAMPLES = 6;
    private static final int CPU_SAMPLE = 7;
    private static final int SPAN_FREE = 130;
    private static final int RUNNING = 1;
    private static final int GO_RUNNING = 2;
    private static final int BATCH_BYTES = 60_000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    private Hostile() {
        out.writeBytes(Arrays.copyOf("go 1.26 trace".getBytes(StandardCharsets.US_ASCII), Layout.HEADER_BYTES));
    }

    /** By what they aim at; each is made when it is its turn, since the heap is small. */
    static Map<String, Supplier<byte[]>> all() {
        Map<String, Supplier<byte[]>> inputs = new LinkedHashMap<>();
        inputs.put("one large string id, then small generations", Hostile::largeIdThenSmallGenerations);
        inputs.put("a large table of strings, then small generations", Hostile::largeTableThenSmallGenerations);
        inputs.put("one large generation, then the smallest", Hostile::largeThenSmallest);
        inputs.put("pauses inside pauses", Hostile::pauses);
        inputs.put("every batch another M, the first waits for the last", Hostile::waitingThreads);
        inputs.put("half of the Ms wait, the others take turns", Hostile::crowdOfThreads);
        inputs.put("one M waits, very many take turns", Hostile::threadsInTurn);
        inputs.put("every batch another M, without events", Hostile::emptyThreads);
        inputs.put("as many goroutines as fit", Hostile::goroutines);
        inputs.put("as many tasks as fit", Hostile::tasks);
        inputs.put("as many regions as fit", Hostile::regions);
        inputs.put("as many CPU samples as fit", Hostile::samples);
        inputs.put("as many stacks as fit", Hostile::stacks);
        inputs.put("strings that double when they are decoded", Hostile::strings);
        return inputs;
    }

    private static byte[] largeIdThenSmallGenerations() {
        Hostile trace = new Hostile();
        trace.item(STRINGS).item(STRING, (1 << 20) - 1, 0).batch(1, -1, 0);
        trace.item(STACKS).item(STACK, (1 << 20) - 1, 0).batch(1, -1, 0).end(1);
        return trace.smallGenerations(2, 0);
    }

    private static byte[] largeTableThenSmallGenerations() {
        Hostile trace = new Hostile();
        trace.table(1, STRINGS, 60_000, i -> trace.item(STRING, (1L << 20) + i, 0));
        trace.end(1);
        return trace.smallGenerations(2, 1L << 30);
    }

    private static byte[] largeThenSmallest() {
        Hostile trace = new Hostile();
        while (trace.out.size() < Edits.MAX_BYTES / 2) {
            trace.item(STRINGS).batch(1, -1, 0);
        }
        trace.end(1);
        return trace.smallGenerations(2, 0);
    }

    private byte[] smallGenerations(int from, long stringId) {
        for (long generation = from; out.size() < Edits.MAX_BYTES - 100; generation++) {
            if (stringId != 0) {
                item(STRINGS).item(STRING, stringId, 0).batch(generation, -1, 0);
            }
            end(generation);
        }
        return out.toByteArray();
    }

    private static byte[] pauses() {
        Hostile trace = new Hostile();
        int count = 70_000;
        trace.table(1, STRINGS, count, i -> {
            trace.item(STRING, i + 1, 3);
            trace.data.writeBytes(new byte[] {(byte) (i & 0x7f), (byte) (i >> 7 & 0x7f), (byte) (i >> 14)});
        });
        trace.running();
        trace.events(1, 0, count, i -> trace.item(STW_BEGIN, 1, i + 1, 0));
        return trace.end(1).bytes();
    }

    private static byte[] waitingThreads() {
        Hostile trace = new Hostile();
        trace.item(GO_UNBLOCK, 1, 1, 1, 0).batch(1, 1, 100);
        for (int i = 2; i < 60_000; i++) {
            trace.item(GO_UNBLOCK, 1, 1, 1, 0).batch(1, i, 100 + i);
        }
        trace.item(GO_STATUS, 1, 1, -1, 4).batch(1, 0, 1 << 20);
        return trace.end(1).bytes();
    }

    private static byte[] crowdOfThreads() {
        Hostile trace = new Hostile();
        int threads = 40_000;
        for (int i = 0; i < threads; i++) {
            trace.item(GO_UNBLOCK, 1, 1, 9, 0).batch(1, i + 1, 1 << 20);
        }
        trace.item(GO_UNBLOCK, 1, 1, 9, 0).batch(1, 1 << 20, 100);
        trace.events(1, 1 << 19, 160_000, i -> trace.item(SPAN_FREE, 1, 0));
        return trace.end(1).bytes();
    }

    private static byte[] threadsInTurn() {
        Hostile trace = new Hostile();
        trace.item(GO_UNBLOCK, 1, 1, 9, 0).batch(1, 1 << 20, 100);
        for (int i = 0; i < 28_000; i++) {
            for (int k = 0; k < 5; k++) {
                trace.item(SPAN_FREE, 60_000, 0);
            }
            trace.batch(1, i, 200 + i);
        }
        return trace.end(1).bytes();
    }

    private static byte[] emptyThreads() {
        Hostile trace = new Hostile();
        for (int i = 0; trace.out.size() < Edits.MAX_BYTES - 100; i++) {
            trace.batch(1, i, 0);
        }
        return trace.end(1).bytes();
    }

    private static byte[] goroutines() {
        Hostile trace = new Hostile().running();
        trace.events(1, 0, 160_000, i -> trace.item(GO_CREATE, 1, i + 2, 0, 0));
        return trace.end(1).bytes();
    }

    private static byte[] tasks() {
        Hostile trace = new Hostile().running();
        trace.events(1, 0, 140_000, i -> trace.item(USER_TASK_BEGIN, 1, i + 1, 0, 0, 0));
        return trace.end(1).bytes();
    }

    private static byte[] regions() {
        Hostile trace = new Hostile().running();
        trace.events(1, 0, 200_000, i -> trace.item(USER_REGION_BEGIN, 1, 0, 0, 0));
        return trace.end(1).bytes();
    }

    private static byte[] samples() {
        Hostile trace = new Hostile();
        trace.table(1, CPU_SAMPLES, 170_000, i -> trace.item(CPU_SAMPLE, 170_000 - i, 0, 0, 0, 0));
        return trace.end(1).bytes();
    }

    private static byte[] stacks() {
        Hostile trace = new Hostile();
        trace.table(1, STACKS, 75_000, i -> trace.item(STACK, (1L << 20) + i, 1, i, 0, 0, 0));
        return trace.end(1).bytes();
    }

    private static byte[] strings() {
        Hostile trace = new Hostile();
        byte[] invalid = new byte[1000];
        Arrays.fill(invalid, (byte) 0xff);
        trace.table(1, STRINGS, 900, i -> {
            trace.item(STRING, i + 1, invalid.length);
            trace.data.writeBytes(invalid);
        });
        trace.running();
        trace.events(1, 0, 900, i -> trace.item(USER_REGION_BEGIN, 1, 0, i + 1, 0));
        return trace.end(1).bytes();
    }

    /** M 0 runs goroutine 1 on P 0. */
    private Hostile running() {
        return item(PROC_STATUS, 1, 0, RUNNING)
                .item(GO_STATUS, 1, 1, 0, GO_RUNNING)
                .batch(1, 0, 0);
    }

    private void table(long generation, int type, int count, IntConsumer entry) {
        item(type);
        for (int i = 0; i < count; i++) {
            entry.accept(i);
            if (data.size() > BATCH_BYTES) {
                batch(generation, -1, 0).item(type);
            }
        }
        batch(generation, -1, 0);
    }

    private void events(long generation, long m, int count, IntConsumer event) {
        for (int i = 0; i < count; i++) {
            event.accept(i);
            if (data.size() > BATCH_BYTES) {
                batch(generation, m, 200 + i);
            }
        }
        batch(generation, m, 200 + count);
    }

    private Hostile item(int type, long... numbers) {
        data.write(type);
        for (long number : numbers) {
            Wire.varint(data, number);
        }
        return this;
    }

    private Hostile batch(long generation, long m, long ticks) {
        out.write(Batch.EVENTS);
        Wire.varint(out, generation);
        Wire.varint(out, m);
        Wire.varint(out, ticks);
        Wire.varint(out, data.size());
        out.writeBytes(data.toByteArray());
        data.reset();
        return this;
    }

    private Hostile end(long generation) {
        item(SYNC).item(FREQUENCY, 1_000_000_000).item(CLOCK_SNAPSHOT, 0, 1, 1, 1);
        batch(generation, -1, 0);
        out.write(Batch.END_OF_GENERATION);
        return this;
    }

    private byte[] bytes() {
        return out.toByteArray();
    }
}
