package io.unpark.analysis.request;

import static io.unpark.analysis.request.Segments.at;
import static io.unpark.analysis.request.Segments.call;
import static io.unpark.analysis.request.Segments.gateway;
import static io.unpark.analysis.request.Segments.orders;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.RequestSegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RequestSetTest {
    private static final RequestRules RULES = RequestRules.of(AnalysisConfig.DEFAULTS);

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theChangesAddUpToTheJudgementOfTheSetInAnyOrderAndOverRestarts(long seed) {
        Random random = new Random(seed);
        List<RequestSegment> arrivals = history(random);
        Map<String, RequestSegment> latest = new HashMap<>();
        arrivals.forEach(
                segment -> latest.merge(segment.segmentId(), segment, (a, b) -> a.revision() >= b.revision() ? a : b));
        arrivals.addAll(new ArrayList<>(arrivals.subList(0, random.nextInt(arrivals.size()))));
        Collections.shuffle(arrivals, random);

        RequestSet set = new RequestSet(RULES);
        Map<String, Finding> standing = new HashMap<>();
        for (RequestSegment segment : arrivals) {
            for (Finding finding : set.change(segment)) {
                Finding before = standing.put(finding.findingId(), finding);
                assertThat(before == null || before.revision() < finding.revision())
                        .isTrue();
            }
            set = restarted(set, random);
        }
        standing.values().removeIf(Finding::withdrawn);

        List<Finding> judged = RequestJoiner.judge(latest.values(), RULES);
        assertThat(standing.values().stream().map(RequestSetTest::timeless))
                .containsExactlyInAnyOrderElementsOf(
                        judged.stream().map(RequestSetTest::timeless).toList());
        assertThat(RequestJoiner.judge(set.segments(), RULES)).isEqualTo(judged);
    }

    @Test
    void whenTheCallersPartComesLaterTheFindingFollowsAndALaterRevisionTakesItBack() {
        RequestSet set = new RequestSet(RULES);

        assertThat(set.change(orders().build())).isEmpty();
        List<Finding> found = lost(set.change(gateway(call(150, 0, false))));
        List<Finding> again = set.change(gateway(call(150, 0, false)));
        List<Finding> withdrawn =
                lost(set.change(orders().deadlines(at(150), at(150)).revision(2).build()));

        assertThat(found)
                .singleElement()
                .satisfies(finding -> assertThat(finding.withdrawn()).isFalse());
        assertThat(again).isEmpty();
        assertThat(withdrawn).singleElement().satisfies(finding -> {
            assertThat(finding.withdrawn()).isTrue();
            assertThat(finding.findingId()).isEqualTo(found.get(0).findingId());
            assertThat(finding.revision()).isGreaterThan(found.get(0).revision());
        });
    }

    @Test
    void aStaleRevisionIsNoChange() {
        RequestSet set = new RequestSet(RULES);

        assertThat(set.add(orders().revision(3).build())).isTrue();
        assertThat(set.add(orders().revision(3).build())).isFalse();
        assertThat(set.add(orders().revision(2).build())).isFalse();
        assertThat(set.add(orders().revision(4).build())).isTrue();
        assertThat(set.segments()).hasSize(1);
        assertThat(set.ignored()).isZero();
    }

    @Test
    void beyondTheLimitNewSegmentsAreCountedAndThoseHeldAreStillRevised() {
        RequestSet set = new RequestSet(RULES);
        for (int i = 0; i < RequestSet.MAX_SEGMENTS + 5; i++) {
            set.add(orders("p" + i, "s" + i).revision(Long.MAX_VALUE - 1).build());
        }

        assertThat(set.segments()).hasSize(RequestSet.MAX_SEGMENTS);
        assertThat(set.ignored()).isEqualTo(5);
        assertThat(set.add(orders("p0", "s0").revision(Long.MAX_VALUE).build())).isTrue();
        assertThat(RequestJoiner.revision(set.segments())).isPositive();
    }

    @Test
    void theCallersPartTakesBackWhatWasSaidOfTheCalleeAlone() {
        // Given: the callee's deadline passed, and so did the caller's
        RequestSet set = new RequestSet(RULES);
        // When
        List<Finding> alone =
                set.change(orders().told().deadlines(at(150), at(150)).build());
        List<Finding> together = set.change(gateway(call(150, 150, false)));
        // Then
        assertThat(alone)
                .singleElement()
                .satisfies(finding -> assertThat(finding.instance().service()).isEqualTo("orders"));
        assertThat(together).hasSize(2);
        assertThat(together)
                .filteredOn(Finding::withdrawn)
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.findingId()).isEqualTo(alone.get(0).findingId()));
        assertThat(together)
                .filteredOn(finding -> !finding.withdrawn())
                .singleElement()
                .satisfies(finding -> assertThat(finding.instance().service()).isEqualTo("gateway"));
    }

    private static List<Finding> lost(List<Finding> changes) {
        return changes.stream()
                .filter(finding -> finding.kind() == Kind.DEADLINE_NOT_PROPAGATED)
                .toList();
    }

    private static RequestSet restarted(RequestSet set, Random random) {
        List<RequestSegment> segments = new ArrayList<>(set.segments());
        Collections.shuffle(segments, random);
        return new RequestSet(RULES, segments, set.ignored());
    }

    /** A caller with three calls and up to three callees, each with up to three revisions that say different things. */
    private static List<RequestSegment> history(Random random) {
        List<RequestSegment> history = new ArrayList<>();
        boolean lost = random.nextBoolean();
        history.add(gateway(
                call("b0", 150, lost ? random.nextInt(2) * 150 : 150, false),
                call("b1", lost ? random.nextInt(2) * 150 : 900, 0, false),
                call("b2", 150, 150, lost && random.nextBoolean())));
        for (int callee = 0; callee < 3; callee++) {
            for (int revision = random.nextInt(4); revision > 0; revision--) {
                history.add(orders("b" + callee, "s" + callee)
                        .deadlines(
                                random.nextInt(2) * at(150),
                                (lost ? random.nextInt(2) : 1) * at(150 + random.nextInt(2) * 750))
                        .signs(random.nextBoolean(), random.nextBoolean() ? "main.log" : "")
                        .lasting(12 + callee, 100 + random.nextInt(200))
                        .revision(revision)
                        .build());
            }
        }
        return history;
    }

    /** Equality between runs is over everything but the revision. */
    private static List<Object> timeless(Finding finding) {
        return List.of(
                finding.findingId(),
                finding.place(),
                finding.severity(),
                finding.count(),
                finding.firstSeenNs(),
                finding.lastSeenNs(),
                finding.durationNs(),
                finding.summary(),
                finding.evidence(),
                finding.cause(),
                finding.advice());
    }
}
