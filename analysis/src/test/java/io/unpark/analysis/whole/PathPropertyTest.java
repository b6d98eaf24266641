package io.unpark.analysis.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.analysis.Analysed;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.analysis.request.CausalChain;
import io.unpark.analysis.request.ChainHop;
import io.unpark.testkit.Corpus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each nanosecond of a request is at exactly one hop of its path, within a service and over all of them. */
class PathPropertyTest {

    static List<Recordings.Scenario> scenarios() {
        return Recordings.scenarios();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void hopsOfEverySegmentOfTheDemoAddUp(Recordings.Scenario scenario) {
        // When
        Analysed.Result result = Analysed.of(scenario);
        // Then
        assertThat(result.segments()).isNotEmpty();
        result.segments().forEach(PathPropertyTest::checkPath);
        checkChains(result.segments());
    }

    @Test
    void hopsOfEverySegmentOfTheCorpusAddUp() {
        // Given
        List<Analysed.Result> results = Analysed.corpus();
        assumeTrue(!results.isEmpty(), Corpus.ABSENT);
        // When
        List<RequestSegment> segments =
                results.stream().flatMap(result -> result.segments().stream()).toList();
        // Then
        assertThat(segments).isNotEmpty();
        segments.forEach(PathPropertyTest::checkPath);
    }

    private static void checkPath(RequestSegment segment) {
        String what = segment.input() + " " + segment.segmentId() + " " + segment.path();
        RequestPath path = segment.path();
        long wallNs = segment.endNs() - segment.startNs();
        assertThat(path.hops()).as(what).hasSizeLessThanOrEqualTo(RequestPath.MAX_HOPS);
        assertThat(path.hops()).as(what).allMatch(hop -> hop.ns() >= 0);
        assertThat(path.hops().stream().mapToLong(PathHop::ns).sum()).as(what).isEqualTo(wallNs);
        for (int i = 0; i < path.hops().size(); i++) {
            assertThat(path.hops().get(i).parent()).as(what).isLessThan(i);
        }
        checkAgainstSplit(segment, what);
    }

    /** What the main goroutine did is told twice: as a split and as the path's top. */
    private static void checkAgainstSplit(RequestSegment segment, String what) {
        Map<HopKind, Long> top = new EnumMap<>(HopKind.class);
        long[] totals = segment.path().totals();
        for (int i = 0; i < totals.length; i++) {
            PathHop hop = segment.path().hops().get(i);
            if (hop.parent() < 0) {
                top.merge(hop.kind(), totals[i], Long::sum);
            }
        }
        TimeSplit split = segment.split();
        if (!top.containsKey(HopKind.UNKNOWN)) {
            assertThat(top.getOrDefault(HopKind.WAITING, 0L)).as(what).isEqualTo(split.blockedTotalNs());
            assertThat(top.getOrDefault(HopKind.RUNNING, 0L)).as(what).isEqualTo(split.runningNs());
            assertThat(top.getOrDefault(HopKind.GC_ASSIST, 0L)).as(what).isEqualTo(split.gcAssistNs());
        }
    }

    private static void checkChains(Collection<RequestSegment> segments) {
        Map<String, Map<String, RequestSegment>> requests = new TreeMap<>();
        for (RequestSegment s : segments) {
            requests.computeIfAbsent(s.requestId(), id -> new TreeMap<>())
                    .merge(s.instance() + s.segmentId(), s, (a, b) -> a.revision() >= b.revision() ? a : b);
        }
        for (Map<String, RequestSegment> request : requests.values()) {
            List<RequestSegment> parts = new ArrayList<>(request.values());
            for (RequestSegment part : parts) {
                List<ChainHop> chain = CausalChain.of(part, parts);
                long sum = chain.stream().mapToLong(ChainHop::ns).sum();
                assertThat(sum).as("%s", chain).isEqualTo(part.endNs() - part.startNs());
            }
        }
    }
}
