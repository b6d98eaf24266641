package io.unpark.trace.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Mutations that know the format: they keep a trace's frame whole and lie inside it, so that they reach what random bytes
 * never do. A script of {@link Choices} gives the same result each time.
 */
final class Edits {
    /** Bytes of a result: what one hostile upload of a promised size may hold. */
    static final int MAX_BYTES = 1 << 20;

    private static final int MAX_EDITS = 64;
    private static final int MAX_BATCHES = 30_000;
    private static final int[] VERSIONS = {22, 23, 25, 26};

    private final Layout trace;
    private final List<byte[]> seeds;
    private final Choices choices;

    private Edits(Layout trace, List<byte[]> seeds, Choices choices) {
        this.trace = trace;
        this.seeds = seeds;
        this.choices = choices;
    }

    /** One of the seeds, changed. */
    static byte[] apply(List<byte[]> seeds, Choices choices) {
        Layout trace = Layout.of(seeds.get(choices.below(seeds.size())));
        Edits edits = new Edits(trace, seeds, choices);
        for (int i = 0; i < MAX_EDITS && choices.hasMore(); i++) {
            edits.one();
        }
        return trace.toBytes(MAX_BYTES);
    }

    private void one() {
        if (trace.batches.isEmpty()) {
            splice();
            return;
        }
        switch (choices.below(18)) {
            case 0, 1, 2, 3 -> item((items, i) -> items.set(i, Numbers.change(items.get(i), choices)));
            case 4 -> item(List::remove);
            case 5 -> item((items, i) -> items.add(choices.below(items.size()), items.get(i)));
            case 6 -> item((items, i) -> Collections.swap(items, i, choices.below(items.size())));
            case 7 -> item((items, i) -> retype(items, i, choices.below(256)));
            case 8 -> item((items, i) -> batch().items.add(items.get(i)));
            case 9 -> item(this::flip);
            case 10 -> batches();
            case 11 -> frame();
            case 12 -> generations();
            case 13 -> splice();
            case 14 -> item(this::repeat);
            case 15 -> repeatGeneration();
            case 16 -> scatter();
            default -> ends();
        }
    }

    private interface ItemEdit {
        void accept(List<byte[]> items, int i);
    }

    private void item(ItemEdit edit) {
        List<byte[]> items = batch().items;
        if (!items.isEmpty()) {
            edit.accept(items, choices.below(items.size()));
        }
    }

    private Batch batch() {
        return trace.batches.get(choices.below(trace.batches.size()));
    }

    private static void retype(List<byte[]> items, int i, int type) {
        byte[] item = items.get(i).clone();
        item[0] = (byte) type;
        items.set(i, item);
    }

    private void flip(List<byte[]> items, int i) {
        byte[] item = items.get(i).clone();
        item[choices.below(item.length)] ^= (byte) (1 << choices.below(8));
        items.set(i, item);
    }

    /** Many of the same, or each with a number one higher: new ids, more goroutines, deeper nesting. */
    private void repeat(List<byte[]> items, int i) {
        byte[] item = items.get(i);
        int number = choices.below(4);
        int times = 1 << choices.below(15);
        List<byte[]> more = new ArrayList<>();
        for (int k = 1, bytes = 0; k <= times && bytes < 60_000; k++) {
            byte[] next = number == 3 ? item : Numbers.add(item, number, k);
            more.add(next);
            bytes += next.length;
        }
        items.addAll(i + 1, more);
    }

    private void batches() {
        int i = choices.below(trace.batches.size());
        int j = choices.below(trace.batches.size());
        switch (choices.below(4)) {
            case 0 -> Collections.swap(trace.batches, i, j);
            case 1 -> trace.batches.remove(i);
            case 2 -> trace.batches.add(j, trace.batches.get(i).copy());
            default -> trace.batches.add(j, trace.batches.remove(i));
        }
    }

    private void frame() {
        Batch batch = batch();
        switch (choices.below(4)) {
            case 0 -> batch.m = choices.below(2) == 0 ? batch().m : Numbers.other(batch.m, choices);
            case 1, 2 -> batch.ticks = Numbers.other(batch.ticks, choices);
            default -> batch.experiment = choices.below(3);
        }
    }

    private void generations() {
        int from = choices.below(trace.batches.size());
        long by = choices.below(4) - 1L;
        int to = choices.below(2) == 0 ? from + 1 : trace.batches.size();
        for (Batch batch : trace.batches.subList(from, to)) {
            batch.generation = choices.below(8) == 7 ? Numbers.other(batch.generation, choices) : batch.generation + by;
        }
    }

    private void splice() {
        Layout other = Layout.of(seeds.get(choices.below(seeds.size())));
        if (!other.batches.isEmpty()) {
            int from = choices.below(other.batches.size());
            int to = Math.min(other.batches.size(), from + 1 + choices.below(8));
            trace.batches.addAll(choices.below(trace.batches.size() + 1), other.batches.subList(from, to));
        }
    }

    /** One generation again and again, with rising numbers. */
    private void repeatGeneration() {
        long number = batch().generation;
        List<Batch> one = trace.batches.stream()
                .filter(batch -> batch.generation == number && batch.type != Batch.END_OF_GENERATION)
                .filter(batch -> !batch.ofEvents() || choices.below(2) == 0)
                .toList();
        int bytes = 1 + one.stream().mapToInt(Batch::bytes).sum();
        int times = Math.min(1 << choices.below(15), MAX_BYTES / bytes);
        for (int k = 1; k <= times && trace.batches.size() < MAX_BATCHES; k++) {
            for (Batch batch : one) {
                Batch next = batch.copy();
                next.generation += k;
                trace.batches.add(next);
            }
            trace.batches.add(Batch.endOfGeneration());
        }
    }

    /** Each event of a batch in a batch of its own, some of Ms of their own. */
    private void scatter() {
        int at = choices.below(trace.batches.size());
        Batch batch = trace.batches.get(at);
        boolean ownM = choices.below(2) == 0;
        List<Batch> pieces = new ArrayList<>();
        for (byte[] item : batch.items) {
            Batch piece = batch.copy();
            piece.items = new ArrayList<>(List.of(item));
            piece.m += ownM ? pieces.size() : 0;
            piece.ticks += pieces.size();
            pieces.add(piece);
        }
        if (trace.batches.size() + pieces.size() < MAX_BATCHES && !pieces.isEmpty()) {
            trace.batches.remove(at);
            trace.batches.addAll(at, pieces);
        }
    }

    private void ends() {
        switch (choices.below(4)) {
            case 0 -> trace.version(VERSIONS[choices.below(VERSIONS.length)]);
            case 1 -> trace.batches.add(choices.below(trace.batches.size()), Batch.endOfGeneration());
            case 2 -> trace.batches.removeIf(batch -> batch.type == Batch.END_OF_GENERATION);
            default -> trace.rest = new byte[] {(byte) choices.below(256), (byte) choices.below(256)};
        }
    }
}
