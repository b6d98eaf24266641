package io.unpark.trace.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.Corpus;
import io.unpark.trace.TraceFormatException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds for every good trace, shown on recorded ones: cut anywhere, or with the batches of its Ms in another order. */
class RecordedTraceTest {
    private static final int SAMPLED_CUTS = 60;
    private static final int PERMUTATIONS = 2;
    private static final int WHOLE_GENERATIONS = 2;

    @Test
    void cutAnywhereTellsAPrefixAndOneError() throws IOException {
        // Given
        byte[] trace = firstGenerations(recording(), WHOLE_GENERATIONS);
        Told whole = Told.by(trace);
        assertThat(whole.failure()).isNull();
        List<Integer> ends = generationEnds(trace);
        assertThat(ends).hasSize(WHOLE_GENERATIONS);

        for (int cut : cuts(trace)) {
            // When
            Told told = Told.by(Arrays.copyOf(trace, cut));

            // Then
            assertThat(told.events())
                    .as("cut at %d", cut)
                    .isEqualTo(whole.events().subList(0, told.events().size()));
            if (ends.contains(cut)) {
                assertThat(told.failure()).as("cut at %d", cut).isNull();
            } else {
                int before = (int) ends.stream().filter(end -> end < cut).count();
                assertThat(told.failure()).as("cut at %d", cut).isNotNull();
                assertThat(told.failure().reason()).as("cut at %d", cut).isEqualTo(Reason.TRUNCATED);
                assertThat(told.failure().completeGenerations()).isEqualTo(before);
                assertThat(told.events().isEmpty()).isEqualTo(before == 0);
            }
        }
    }

    @Test
    void batchesOfOtherMsMayComeInAnyOrder() throws IOException {
        // Given
        Random random = new Random(20261123);
        List<byte[]> traces = new ArrayList<>();
        for (Path file : Seeds.recordingFiles()) {
            if (file.endsWith("inventory.trace.xz")) {
                traces.add(Seeds.small(Corpus.read(file), traces.size() % 2));
            }
        }
        assertThat(traces).hasSizeGreaterThan(5);
        traces.add(firstGenerations(recording(), WHOLE_GENERATIONS));
        for (byte[] trace : traces) {
            Told straight = Told.by(trace);
            assertThat(straight.failure()).isNull();
            for (int i = 0; i < PERMUTATIONS; i++) {
                // When
                Told permuted = Told.by(permuted(trace, random));

                // Then
                assertThat(permuted.failure()).isNull();
                assertThat(byM(permuted)).isEqualTo(byM(straight));
            }
        }
    }

    private static byte[] recording() throws IOException {
        List<Path> files = Seeds.recordingFiles();
        return Corpus.read(files.stream()
                .filter(file -> file.endsWith(Path.of("healthy", "inventory.trace.xz")))
                .findFirst()
                .orElseThrow());
    }

    private static byte[] firstGenerations(byte[] trace, int count) {
        Layout layout = Layout.of(trace);
        int end = 0;
        for (int ended = 0; ended < count; end++) {
            ended += layout.batches.get(end).type == Batch.END_OF_GENERATION ? 1 : 0;
        }
        layout.batches = layout.batches.subList(0, end);
        return layout.toBytes();
    }

    private static List<Integer> generationEnds(byte[] trace) {
        List<Integer> ends = new ArrayList<>();
        int[] boundaries = boundaries(trace);
        List<Batch> batches = Layout.of(trace).batches;
        for (int i = 0; i < batches.size(); i++) {
            if (batches.get(i).type == Batch.END_OF_GENERATION) {
                ends.add(boundaries[i + 1]);
            }
        }
        return ends;
    }

    /** Where each batch begins, and where the last ends. */
    private static int[] boundaries(byte[] trace) {
        Layout layout = Layout.of(trace);
        int[] boundaries = new int[layout.batches.size() + 1];
        Wire in = new Wire(trace);
        in.skip(Layout.HEADER_BYTES);
        for (int i = 0; i < boundaries.length; i++) {
            boundaries[i] = in.pos();
            if (i < layout.batches.size()) {
                Batch.read(in);
            }
        }
        return boundaries;
    }

    private static TreeSet<Integer> cuts(byte[] trace) {
        TreeSet<Integer> cuts = new TreeSet<>();
        for (int boundary : boundaries(trace)) {
            cuts.addAll(List.of(boundary - 1, boundary, boundary + 1));
        }
        new Random(1).ints(SAMPLED_CUTS, 1, trace.length).forEach(cuts::add);
        cuts.remove(trace.length + 1);
        return cuts;
    }

    /** The batches of each generation in another order, those of one M in their own. */
    private static byte[] permuted(byte[] trace, Random random) {
        Layout layout = Layout.of(trace);
        List<Batch> permuted = new ArrayList<>();
        List<Batch> generation = new ArrayList<>();
        for (Batch batch : layout.batches) {
            if (batch.type == Batch.END_OF_GENERATION) {
                permuted.addAll(permuted(generation, random));
                permuted.add(batch);
                generation.clear();
            } else {
                generation.add(batch);
            }
        }
        layout.batches = permuted;
        return layout.toBytes();
    }

    private static List<Batch> permuted(List<Batch> generation, Random random) {
        Map<Long, Deque<Batch>> byM = new HashMap<>();
        generation.forEach(
                batch -> byM.computeIfAbsent(batch.m, m -> new ArrayDeque<>()).add(batch));
        List<Long> order =
                new ArrayList<>(generation.stream().map(batch -> batch.m).toList());
        Collections.shuffle(order, random);
        return order.stream().map(m -> byM.get(m).remove()).toList();
    }

    /** Without the times: where two Ms' clocks show the same, the later event is dated a nanosecond later. */
    private static Map<String, List<String>> byM(Told told) {
        return told.events().stream()
                .map(event -> event.replaceFirst(" Time=\\d+", ""))
                .collect(Collectors.groupingBy(event -> event.substring(0, event.indexOf(' '))));
    }
}
