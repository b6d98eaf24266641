package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.detect.HeapSeries.Point;
import io.unpark.analysis.model.Severity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeapGrowthTest {
    private static final long MIB = 1L << 20;
    private static final long MS = Views.MS;

    /**
     * @param quietMs from the last cycle to the generation's end
     * @param severity null when nothing is said
     */
    private record Case(String title, List<Point> points, long quietMs, Severity severity) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case(
                        "everything is kept: the goal doubles, each cycle takes as long as all before",
                        points(0, 7, 160, 14, 470, 27, 1_070, 53, 2_230, 103),
                        500,
                        Severity.WARNING),
                new Case(
                        "sixteen times as much is critical",
                        points(0, 7, 160, 14, 470, 27, 1_070, 53, 2_230, 112),
                        500,
                        Severity.CRITICAL),
                new Case("a slow leak over many cycles", steps(13, 1_000, 1_000, 50), 500, Severity.WARNING),
                new Case("a slow leak, but few cycles", steps(8, 1_000, 1_000, 50), 500, null),
                new Case(
                        "warm-up that flattens: the last step is slow against the whole",
                        points(0, 8, 200, 40, 400, 80, 600, 110, 4_600, 112),
                        500,
                        null),
                new Case(
                        "warm-up that flattens: the next cycle is long in coming",
                        points(0, 7, 160, 14, 470, 27, 1_070, 53, 2_230, 103),
                        4_000,
                        null),
                new Case("a heap that breathes", points(0, 23, 100, 50, 200, 104, 2_300, 60, 2_400, 120), 50, null),
                new Case("noise of a steady heap", points(0, 60, 900, 61, 1_800, 60, 2_700, 61, 3_600, 60), 500, null),
                new Case("a small heap", points(0, 1, 160, 2, 470, 4, 1_070, 8, 2_230, 16), 500, null),
                new Case("within two seconds", points(0, 7, 100, 14, 200, 27, 400, 53, 800, 103), 100, null),
                new Case("a single forced collection", points(0, 400), 500, null),
                new Case("no collection at all", List.of(), 500, null));
    }

    private static List<Point> points(long... msAndMib) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < msAndMib.length; i += 2) {
            points.add(new Point(msAndMib[i] * MS, msAndMib[i + 1] * MIB));
        }
        return points;
    }

    private static List<Point> steps(int count, long everyMs, long firstMib, long stepMib) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            points.add(new Point(i * everyMs * MS, (firstMib + i * stepMib) * MIB));
        }
        return points;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case c) {
        // Given
        long lastNs =
                c.points().isEmpty() ? 0 : c.points().get(c.points().size() - 1).atNs();
        Views views = Views.process();
        views.heap = new HeapSeries(c.points(), lastNs + c.quietMs() * MS);
        // When
        List<Judgement> found = new HeapGrowth().judge(views.build());
        // Then
        assertThat(found).hasSize(c.severity() == null ? 0 : 1);
        assertThat(found).allSatisfy(judgement -> {
            assertThat(judgement.severity()).isEqualTo(c.severity());
            assertThat(judgement.place().site()).isEqualTo("process");
            assertThat(judgement.firstSeenNs()).isLessThan(judgement.lastSeenNs());
            assertThat(judgement.evidence().values())
                    .containsEntry("cycles", (long) c.points().size());
        });
    }
}
