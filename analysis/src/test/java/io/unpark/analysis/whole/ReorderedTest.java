package io.unpark.analysis.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.Joined;
import io.unpark.analysis.OrderedFeed;
import io.unpark.analysis.OrderedFeed.Chunk;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.Recordings.Tape;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.testkit.Corpus;
import io.unpark.trace.TraceFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings whose generations come in another order, again, or never. {@code -Dunpark.seed=N} runs one seed again. */
class ReorderedTest {
    private static final AnalysisConfig CONFIG = AnalysisConfig.DEFAULTS;

    /** Enough to be judged, small enough to be quick. */
    private static final long MAX_RECORDING_BYTES = 2_000_000;

    private record Timed(Chunk chunk, double at) {}

    private static long seed(String what) {
        long seed = Long.getLong("unpark.seed", System.nanoTime() & 0xffff_ffffL);
        System.out.println("ReorderedTest " + what + ": seed " + seed);
        return seed;
    }

    private static List<String> identities(Joined joined) {
        return joined.anomalies().stream().map(Joined::identity).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"leak", "mutex", "faulty"})
    void anyOrderWithinTheBoundGivesTheSame(String scenario) throws TraceFormatException {
        // Given
        Random random = new Random(seed(scenario));
        Joined inOrder = new Joined(CONFIG);
        Joined reordered = new Joined(CONFIG);
        for (Tape tape : Recordings.scenario(scenario).tapes()) {
            List<Chunk> all = OrderedFeed.chunks("c-" + scenario, tape.generations());
            List<Chunk> came =
                    all.stream().filter(chunk -> random.nextInt(8) > 0).toList();
            InstanceFeed reference = new InstanceFeed(tape.instance(), CONFIG);
            for (Chunk chunk : came) {
                reference.take(chunk.capture(), chunk.goMinor(), chunk.raw()).ifPresent(inOrder::output);
            }
            // When
            OrderedFeed feed = new OrderedFeed(tape.instance(), CONFIG);
            for (Chunk chunk : shuffled(came, random)) {
                feed.take(chunk).forEach(reordered::output);
                feed.restart();
            }
            feed.flush().forEach(reordered::output);
        }
        // Then
        assertThat(identities(inOrder)).isNotEmpty();
        assertThat(identities(reordered)).isEqualTo(identities(inOrder));
    }

    /** No chunk comes after one that is more than the bound ahead of it; some come twice. */
    private static List<Chunk> shuffled(List<Chunk> chunks, Random random) {
        List<Timed> sent = new ArrayList<>();
        for (Chunk chunk : chunks) {
            double at = chunk.raw().generation() + random.nextDouble() * CONFIG.reorderGenerations();
            sent.add(new Timed(chunk, at));
            if (random.nextInt(3) == 0) {
                sent.add(new Timed(chunk, at + random.nextInt(10)));
            }
        }
        return sent.stream()
                .sorted(Comparator.comparingDouble(Timed::at))
                .map(Timed::chunk)
                .toList();
    }

    /** Captures of one instance, one after the other, the other way round, and at the same time. */
    @Test
    void capturesMayOverlap() throws TraceFormatException {
        // Given
        Random random = new Random(seed("overlapping"));
        Instance instance = new Instance("", "gateway", "gateway-1", "");
        List<List<Chunk>> captures = new ArrayList<>();
        for (String scenario : List.of("mutex", "faulty", "leak")) {
            for (Tape tape : Recordings.scenario(scenario).tapes()) {
                if (!tape.instance().service().equals("orders")) {
                    captures.add(
                            OrderedFeed.chunks(scenario + "-" + tape.instance().name(), tape.generations()));
                }
            }
        }
        captures = captures.subList(0, 4);
        List<Chunk> oneByOne = captures.stream().flatMap(List::stream).toList();
        List<Chunk> backwards = new ArrayList<>();
        captures.forEach(capture -> backwards.addAll(0, capture));
        // When
        List<String> expected = run(instance, oneByOne, 1);
        List<String> otherWayRound = run(instance, backwards, 1);
        List<String> together = run(instance, shuffled(oneByOne, random), 4);
        // Then
        assertThat(expected).isNotEmpty();
        assertThat(otherWayRound).isEqualTo(expected);
        assertThat(together).isEqualTo(expected);
    }

    private static List<String> run(Instance instance, List<Chunk> chunks, int lanes) throws TraceFormatException {
        OrderedFeed feed = new OrderedFeed(instance, CONFIG);
        Joined joined = new Joined(CONFIG);
        for (Chunk chunk : chunks) {
            feed.take(chunk).forEach(joined::output);
        }
        feed.flush().forEach(joined::output);
        assertThat(feed.lanes()).isEqualTo(lanes);
        return identities(joined);
    }

    /** What was not seen cannot make a duration longer, nor a fault of what is none. */
    @ParameterizedTest
    @ValueSource(strings = {"leak", "mutex", "background", "workafter"})
    void noFindingIsInventedOverAGap(String scenario) throws TraceFormatException {
        for (Tape tape : Recordings.scenario(scenario).tapes()) {
            assertNothingIsInvented(tape);
        }
    }

    /** Pools and actors whose workers were seen to be woken in the generation that is missing, and others. */
    @Test
    void noFindingIsInventedOverAGapOfTheCorpus() throws IOException {
        List<Path> traces = Corpus.traces();
        if (traces.isEmpty()) {
            System.out.println("Skipped: " + Corpus.ABSENT);
        }
        assumeTrue(!traces.isEmpty(), Corpus.ABSENT);
        for (int i = 0; i < traces.size(); i++) {
            String name = traces.get(i).getFileName().toString();
            if (i % 16 == 0 || name.contains("ElasticPoolPlateau") || name.contains("ActorPerKeyOk")) {
                assertNothingIsInvented(new Tape(new Instance("", name, name, ""), traces.get(i)));
            }
        }
    }

    private static void assertNothingIsInvented(Tape tape) throws TraceFormatException {
        // Given
        List<Chunk> all = OrderedFeed.chunks("c", tape.generations());
        if (all.stream().mapToLong(it -> it.raw().bytes().remaining()).sum() > MAX_RECORDING_BYTES) {
            return;
        }
        Map<Kind, Long> whole = longest(tape, all);
        for (int missing = 0; missing < all.size(); missing++) {
            // When
            List<Chunk> came = new ArrayList<>(all);
            came.remove(missing);
            Map<Kind, Long> longest = longest(tape, came);
            // Then
            longest.forEach((kind, durationNs) -> assertThat(durationNs)
                    .as("%s of %s with a generation missing", kind, tape)
                    .isLessThanOrEqualTo(whole.getOrDefault(kind, 0L)));
        }
    }

    private static Map<Kind, Long> longest(Tape tape, List<Chunk> chunks) throws TraceFormatException {
        OrderedFeed feed = new OrderedFeed(tape.instance(), CONFIG);
        Map<Kind, Long> longest = new EnumMap<>(Kind.class);
        List<InstanceOutput> outputs = new ArrayList<>();
        for (Chunk chunk : chunks) {
            outputs.addAll(feed.take(chunk));
        }
        outputs.addAll(feed.flush());
        for (InstanceOutput output : outputs) {
            for (Finding finding : output.findings()) {
                if (!finding.withdrawn()) {
                    longest.merge(finding.kind(), finding.durationNs(), Math::max);
                }
            }
        }
        return longest;
    }
}
