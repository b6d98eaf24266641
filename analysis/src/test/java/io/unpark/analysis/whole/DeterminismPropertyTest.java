package io.unpark.analysis.whole;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Analysed;
import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.Joined;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.Recordings.Generations;
import io.unpark.analysis.Recordings.Tape;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.trace.TraceFormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same input gives the same anomalies, whatever the interleaving of instances, duplicates, crashes, and the order in
 * which segments and findings arrive. {@code -Dunpark.seed=N} runs one seed again.
 */
class DeterminismPropertyTest {
    private static final AnalysisConfig CONFIG = AnalysisConfig.DEFAULTS;
    private static final int SEEDS = 3;

    @ParameterizedTest
    @ValueSource(strings = {"healthy", "leak", "background", "noheader", "mutex", "workafter", "faulty"})
    void anyOrderAndAnyRestartsGiveTheSameAnomalies(String scenario) throws TraceFormatException {
        // Given
        Recordings.Scenario recorded = Recordings.scenario(scenario);
        List<String> expected = identities(Analysed.of(recorded).anomalies());
        List<Generations> tapes =
                recorded.tapes().stream().map(Tape::generations).toList();
        for (long seed : seeds(scenario)) {
            // When
            Random random = new Random(seed);
            BooleanSupplier restarts = seed % 2 == 0 ? () -> true : () -> random.nextInt(3) == 0;
            List<InstanceOutput> outputs = runInterleaved(recorded, tapes, random, restarts);
            Joined joined = new Joined(CONFIG);
            deliverShuffled(outputs, joined, random);
            // Then
            assertThat(identities(joined.anomalies()))
                    .as("%s with seed %d", scenario, seed)
                    .isEqualTo(expected);
        }
    }

    private static List<Long> seeds(String scenario) {
        Long chosen = Long.getLong("unpark.seed");
        if (chosen != null) {
            return List.of(chosen);
        }
        long first = System.nanoTime() & 0xffff_fffeL;
        System.out.println("DeterminismPropertyTest " + scenario + ": seeds " + first + " to " + (first + SEEDS - 1));
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < SEEDS; i++) {
            seeds.add(first + i);
        }
        return seeds;
    }

    private static List<String> identities(List<io.unpark.analysis.model.Anomaly> anomalies) {
        return anomalies.stream().map(Joined::identity).toList();
    }

    /** Instances take turns at random; what was taken may come again; correlators crash. */
    private static List<InstanceOutput> runInterleaved(
            Recordings.Scenario recorded, List<Generations> tapes, Random random, BooleanSupplier restarts)
            throws TraceFormatException {
        List<InstanceFeed> feeds = recorded.tapes().stream()
                .map(tape -> new InstanceFeed(tape.instance(), CONFIG))
                .toList();
        int[] next = new int[tapes.size()];
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < tapes.size(); i++) {
            turns.addAll(Collections.nCopies(tapes.get(i).list().size(), i));
        }
        Collections.shuffle(turns, random);
        List<InstanceOutput> outputs = new ArrayList<>();
        for (int turn : turns) {
            Generations tape = tapes.get(turn);
            InstanceFeed feed = feeds.get(turn);
            int at = next[turn]++;
            take(feed, recorded, tape, at).ifPresent(outputs::add);
            if (restarts.getAsBoolean()) {
                feed.restart();
            }
            if (random.nextInt(3) == 0) {
                assertThat(take(feed, recorded, tape, random.nextInt(at + 1)))
                        .as("a generation that was taken before")
                        .isEmpty();
            }
        }
        return outputs;
    }

    private static Optional<InstanceOutput> take(
            InstanceFeed feed, Recordings.Scenario recorded, Generations tape, int at) throws TraceFormatException {
        return feed.take("c-" + recorded.name(), tape.goMinor(), tape.list().get(at));
    }

    /** Segments in any order, some twice; then what they and the instances found, again in any order and some twice. */
    private static void deliverShuffled(List<InstanceOutput> outputs, Joined joined, Random random) {
        List<RequestSegment> segments = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        outputs.forEach(output -> segments.addAll(output.segments()));
        outputs.forEach(output -> findings.addAll(output.findings()));
        shuffleWithDuplicates(segments, random);
        segments.forEach(segment -> findings.addAll(joined.segment(segment)));
        shuffleWithDuplicates(findings, random);
        findings.forEach(joined::finding);
    }

    private static <T> void shuffleWithDuplicates(List<T> list, Random random) {
        List<T> again = list.stream().filter(item -> random.nextInt(5) == 0).toList();
        list.addAll(again);
        Collections.shuffle(list, random);
    }
}
