package io.unpark.analysis.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.analysis.Analysed;
import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.RandomServer;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.Samples;
import io.unpark.analysis.Truth;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.testkit.Corpus;
import io.unpark.trace.TraceFormatException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each nanosecond of a request's main goroutine is in exactly one class. */
class TimeSplitPropertyTest {
    private static final int SEEDS = 200;

    static List<Recordings.Scenario> scenarios() {
        return Recordings.scenarios();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void classesOfEverySegmentOfTheDemoAddUpToItsTime(Recordings.Scenario scenario) {
        // When
        Analysed.Result result = Analysed.of(scenario);
        // Then
        assertThat(result.segments()).isNotEmpty();
        result.segments().forEach(TimeSplitPropertyTest::checkSplit);
    }

    @Test
    void classesOfEverySegmentOfTheCorpusAddUpToItsTime() {
        // Given
        List<Analysed.Result> results = Analysed.corpus();
        assumeTrue(!results.isEmpty(), Corpus.ABSENT);
        // When
        List<RequestSegment> segments =
                results.stream().flatMap(result -> result.segments().stream()).toList();
        // Then
        assertThat(segments).isNotEmpty();
        segments.forEach(TimeSplitPropertyTest::checkSplit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h1",
                "h2",
                "h2c",
                "xnet_h2",
                "xnet_h2c",
                "grpc",
                "grpc_pool",
                "otel",
                "otel_client",
                "datadog",
                "annotated"
            })
    void classesOfEverySegmentOfEachShapeAddUpToItsTime(String variant) throws TraceFormatException {
        // When
        List<RequestSegment> segments = Truth.of(variant).segments();
        // Then
        assertThat(segments).isNotEmpty();
        segments.forEach(TimeSplitPropertyTest::checkSplit);
    }

    /** Anything in any order, generations that are missing, and restarts in between, which make no difference. */
    @Test
    void classesAddUpWhateverHappens() throws TraceFormatException {
        long segments = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            // Given
            Random random = new Random(seed);
            Recordings.Generations tape = RandomServer.of(seed, 120, 5).generations();
            int missing = random.nextInt(8);
            InstanceFeed straight = new InstanceFeed(Samples.instance("a"), AnalysisConfig.DEFAULTS);
            InstanceFeed restarted = new InstanceFeed(Samples.instance("a"), AnalysisConfig.DEFAULTS);
            for (int i = 0; i < tape.list().size(); i++) {
                if (i != missing) {
                    // When
                    InstanceOutput output = straight.take(
                                    "c1", tape.goMinor(), tape.list().get(i))
                            .orElseThrow();
                    InstanceOutput same = restarted
                            .take("c1", tape.goMinor(), tape.list().get(i))
                            .orElseThrow();
                    restarted.restart();
                    // Then
                    output.segments().forEach(TimeSplitPropertyTest::checkSplit);
                    assertThat(same.segments().equals(output.segments()))
                            .as("seed " + seed)
                            .isTrue();
                    segments += output.segments().size();
                }
            }
            assertThat(straight.detectorErrors()).isEmpty();
        }
        assertThat(segments).isGreaterThan(10 * SEEDS);
        System.out.println("random servers: " + segments + " segments");
    }

    private static void checkSplit(RequestSegment segment) {
        TimeSplit split = segment.split();
        String what = segment.input() + " " + segment.segmentId() + " " + split;
        assertThat(split.totalNs()).as(what).isEqualTo(segment.endNs() - segment.startNs());
        assertThat(List.of(
                        split.runningNs(),
                        split.runnableNs(),
                        split.syscallNs(),
                        split.gcAssistNs(),
                        split.stopTheWorldNs()))
                .as(what)
                .allMatch(ns -> ns >= 0);
        assertThat(split.blockedNs().values()).as(what).allMatch(ns -> ns > 0);
        assertThat(segment.cpuNs()).as(what).isNotNegative();
    }
}
