package io.unpark.analysis.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.analysis.Analysed;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.testkit.Corpus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each nanosecond of a request's main goroutine is in exactly one class. */
class TimeSplitPropertyTest {

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
