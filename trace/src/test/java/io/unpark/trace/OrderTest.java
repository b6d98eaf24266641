package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.testkit.GoTool;
import io.unpark.testkit.TraceText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order is the true one, however wrong the clocks of the Ms are. */
class OrderTest {
    private static final Pattern CHANGE = Pattern.compile(" (GoID=\\d+|ProcID=\\d+) ((\\w+)->(\\w+)) ");
    private static final int GENERATIONS = 3;
    private static final int STEPS = 1_500;

    @ParameterizedTest
    @CsvSource({"1, 4, 2, 0", "2, 4, 2, 5", "3, 12, 6, 40", "4, 40, 16, 100", "5, 100, 30, 400", "6, 3, 3, 1000"})
    void everyGoroutineAndProcGoesItsWayInOrder(long seed, int threads, int procs, int skewSteps) throws IOException {
        // Given
        Simulation simulation = simulate(seed, threads, procs, skewSteps);

        // When
        Decoded decoded = Decoded.of(TraceText.assemble(simulation.text()));

        // Then
        assertThat(decoded.failure()).isNull();
        assertThat(history(decoded.dump())).isEqualTo(simulation.history());
    }

    @ParameterizedTest
    @CsvSource({"7, 6, 3, 30", "8, 12, 6, 60", "9, 30, 8, 90"})
    void theReorderingIsGos(long seed, int threads, int procs, int skewSteps) throws IOException {
        Optional<GoTool> go = GoTool.find();
        assumeTrue(go.isPresent(), GoTool.ABSENT);
        // Given
        byte[] trace =
                TraceText.assemble(simulate(seed, threads, procs, skewSteps).text());

        // When
        Decoded decoded = Decoded.of(trace);

        // Then
        assertThat(SameEvents.difference(go.get().parsedTrace(trace).stdout(), decoded.dump()))
                .isEmpty();
    }

    @Test
    void batchesOfDifferentMsMayComeInAnyOrder() throws IOException {
        // Given
        byte[] trace = TraceText.assemble(simulate(10, 12, 6, 40).text());
        String expected = Decoded.of(trace).dump();
        Random random = new Random(11);
        for (int i = 0; i < 20; i++) {
            // When
            Decoded shuffled = Decoded.of(shuffle(trace, random));

            // Then
            assertThat(shuffled.failure()).isNull();
            assertThat(shuffled.dump()).isEqualTo(expected);
        }
    }

    private static Simulation simulate(long seed, int threads, int procs, int skewSteps) {
        Simulation simulation = new Simulation(seed, threads, procs, skewSteps);
        for (int generation = 1; generation <= GENERATIONS; generation++) {
            simulation.generation(generation, STEPS);
        }
        return simulation;
    }

    private static Map<String, List<String>> history(String dump) {
        Map<String, List<String>> history = new TreeMap<>();
        for (Matcher change = CHANGE.matcher(dump); change.find(); ) {
            boolean status =
                    change.group(3).equals(change.group(4)) || change.group(3).equals("Undetermined");
            if (!status) {
                history.computeIfAbsent(change.group(1), key -> new ArrayList<>())
                        .add(change.group(2));
            }
        }
        return history;
    }

    /** Deals the batches of each generation anew, those of one M in their order. */
    private static byte[] shuffle(byte[] trace, Random random) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(trace, 0, TraceHeader.LENGTH);
        Map<Long, List<byte[]>> lanes = new LinkedHashMap<>();
        BatchHeader header = new BatchHeader();
        for (int pos = TraceHeader.LENGTH; pos < trace.length; pos = header.end()) {
            header.parse(trace, pos, trace.length, 26);
            byte[] bytes = Arrays.copyOfRange(trace, pos, header.end());
            if (header.endOfGeneration()) {
                deal(lanes, random, out);
                out.writeBytes(bytes);
            } else {
                lanes.computeIfAbsent(header.m(), key -> new ArrayList<>()).add(bytes);
            }
        }
        return out.toByteArray();
    }

    private static void deal(Map<Long, List<byte[]>> lanes, Random random, ByteArrayOutputStream out) {
        while (!lanes.isEmpty()) {
            Long m = new ArrayList<>(lanes.keySet()).get(random.nextInt(lanes.size()));
            out.writeBytes(lanes.get(m).remove(0));
            if (lanes.get(m).isEmpty()) {
                lanes.remove(m);
            }
        }
    }
}
