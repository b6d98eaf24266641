package io.unpark.analysis.whole;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Truth;
import io.unpark.analysis.Truth.Row;
import io.unpark.analysis.model.Member;
import io.unpark.analysis.model.RequestSegment;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real recordings of each shape that requests are known by, against the programs' own logs ({@code benchmarks/requests}). */
class RequestTruthTest {
    private static final long US = 1_000L;
    private static final long MS = 1_000_000L;

    /** Tracing starts and stops a little before and after the program looks at its clock. */
    private static final long FRINGE_NS = 6 * MS;

    /**
     * @param setupUs what the variant does before its handler looks at the clock: the median may differ by so much
     */
    @ParameterizedTest
    @CsvSource({
        "h1, 0",
        "h2, 0",
        "h2c, 0",
        "xnet_h2, 0",
        "xnet_h2c, 0",
        "grpc, 0",
        "grpc_pool, 0",
        "otel, 1300",
        "otel_client, 3000",
        "datadog, 0",
        "annotated, 0"
    })
    void everyRequestIsFoundOnceWithItsTimes(String variant, long setupUs) throws Exception {
        // Given
        Truth truth = Truth.of(variant);
        List<Row> due = truth.rows().stream()
                .filter(row -> row.endNs() > truth.windowStartNs() + FRINGE_NS)
                .filter(row -> row.startNs() < truth.windowEndNs())
                .toList();
        // When
        List<RequestSegment> segments = truth.segments();
        // Then
        for (Row row : due) {
            assertThat(segments.stream().filter(row::isMet)).as(row.toString()).hasSize(1);
            check(truth, row, truth.segment(row, segments));
        }
        segments.stream()
                .filter(s -> !isAtFringe(truth, s))
                .forEach(s -> assertThat(truth.rows().stream().filter(row -> row.isMet(s)))
                        .as(s.segmentId())
                        .hasSize(1));
        report(truth, due, segments, setupUs);
    }

    private static boolean isAtFringe(Truth truth, RequestSegment s) {
        return s.endNs() < truth.windowStartNs() + FRINGE_NS || s.startNs() > truth.windowEndNs() - FRINGE_NS;
    }

    private static void check(Truth truth, Row row, RequestSegment s) {
        boolean before = row.startNs() < truth.windowStartNs();
        boolean after = row.endNs() > truth.windowEndNs();
        boolean seenToBegin =
                Math.abs(row.startNs() - s.startNs()) < FRINGE_NS; // before the program looked at its clock
        if (Math.abs(row.startNs() - truth.windowStartNs()) > FRINGE_NS && !(before && seenToBegin)) {
            assertThat(s.startTruncated()).as(row.toString()).isEqualTo(before);
        }
        if (Math.abs(row.endNs() - truth.windowEndNs()) > FRINGE_NS) {
            assertThat(s.endTruncated()).as(row.toString()).isEqualTo(after);
        }
        if (!s.startTruncated()) {
            assertThat(s.startNs()).as(row.toString()).isLessThan(row.startNs() + 100 * US);
        }
        if (!s.endTruncated()) {
            assertThat(s.endNs()).as(row.toString()).isGreaterThan(row.endNs() - 100 * US);
        }
    }

    /** Times lie around the handler's own; how far is the machine's doing, so the middle one counts. */
    private static void report(Truth truth, List<Row> due, List<RequestSegment> segments, long setupUs) {
        long[] early = due.stream()
                .filter(row -> !truth.segment(row, segments).startTruncated())
                .mapToLong(row -> (row.startNs() - truth.segment(row, segments).startNs()) / US)
                .sorted()
                .toArray();
        long[] late = due.stream()
                .filter(row -> !truth.segment(row, segments).endTruncated())
                .mapToLong(row -> (truth.segment(row, segments).endNs() - row.endNs()) / US)
                .sorted()
                .toArray();
        System.out.printf(
                "%s: %d requests, %d segments; begin early by %d us (median), %d (most); end late by %d us, %d%n",
                truth.variant(),
                due.size(),
                segments.size(),
                early[early.length / 2],
                early[early.length - 1],
                late[late.length / 2],
                late[late.length - 1]);
        assertThat(early[early.length / 2]).isBetween(0L, setupUs + 300);
        assertThat(late[late.length / 2]).isBetween(0L, 500L);
    }

    /** Goroutines made at two removes, and a pooled worker, burn 3 ms each for the request. */
    @ParameterizedTest
    @CsvSource({"h1", "h2", "h2c", "xnet_h2", "xnet_h2c", "grpc", "grpc_pool", "otel", "otel_client", "datadog"})
    void timeOfCreatedGoroutinesAndOfPooledWorkersIsTheRequests(String variant) throws Exception {
        // Given
        Truth truth = Truth.of(variant);
        List<RequestSegment> segments = truth.segments();
        for (String kind : List.of("plain", "long", "spawn", "pool")) {
            // When
            long[] othersNs = othersCpuNs(truth, segments, kind);
            // Then
            System.out.println(variant + " " + kind + ": CPU of others in us "
                    + Arrays.stream(othersNs).map(ns -> ns / US).boxed().toList());
            assertThat(othersNs).isNotEmpty();
            if (kind.equals("plain") || kind.equals("long")) {
                assertThat(othersNs[othersNs.length / 2]).isLessThan(300 * US);
            } else {
                // A worker older than the trace is not known to be one at its first job.
                long unseen =
                        Arrays.stream(othersNs).filter(ns -> ns < 2_900 * US).count();
                assertThat(unseen).isLessThanOrEqualTo(kind.equals("pool") ? 2 : 0);
                assertThat(othersNs[(int) unseen]).isLessThan(3_300 * US);
            }
        }
    }

    private static long[] othersCpuNs(Truth truth, List<RequestSegment> segments, String kind) {
        return truth.rows().stream()
                .filter(row -> row.kind().equals(kind))
                .flatMap(row -> segments.stream().filter(row::isMet))
                .filter(s -> !s.startTruncated() && !s.endTruncated())
                .mapToLong(s -> s.cpuNs() - s.split().runningNs() - s.split().gcAssistNs())
                .sorted()
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({"h1", "h2", "h2c", "xnet_h2", "xnet_h2c", "grpc", "otel", "datadog"})
    void itsGoroutinesAreNamedAsCertainAndAPoolsWorkerAsInferred(String variant) throws Exception {
        // Given
        Truth truth = Truth.of(variant);
        List<RequestSegment> segments = truth.segments();
        long served = 0;
        long named = 0;
        for (Row row : truth.rows()) {
            for (RequestSegment s : segments.stream().filter(row::isMet).toList()) {
                if (s.startTruncated() || s.endTruncated()) {
                    continue;
                }
                // Then
                assertThat(s.members().stream().filter(m -> !m.pooled()).map(Member::goroutine))
                        .as(row.toString())
                        .containsAll(row.created());
                assertThat(s.members()).as(row.toString()).allMatch(m -> m.certain() != m.pooled());
                served += row.served() > 0 ? 1 : 0;
                named += s.members().stream().anyMatch(m -> m.pooled() && m.goroutine() == row.served()) ? 1 : 0;
            }
        }
        // A worker older than the trace is not known to be one at its first job.
        assertThat(named).isBetween(served - 2, served);
    }

    @Test
    void aRegionOnAWorkerOfTheRequestsTaskIsTheRequests() throws Exception {
        // Given
        Truth truth = Truth.of("annotated");
        // When
        long[] othersNs = othersCpuNs(truth, truth.segments(), "plain");
        // Then
        assertThat(othersNs[othersNs.length / 2]).isBetween(900 * US, 1_300 * US);
    }

    @Test
    void theServersTaskNamesTheRequestAndAQueryDoesNot() throws Exception {
        // When
        Set<String> servers = routes("otel");
        Set<String> queries = routes("otel_client");
        // Then
        assertThat(servers).containsExactly("GET /do/{kind}", "POST /do/{kind}");
        assertThat(queries).containsExactly("main.serveOTelClientOnly.func1");
    }

    private static Set<String> routes(String variant) throws Exception {
        return Truth.of(variant).segments().stream()
                .filter(s -> !s.startTruncated())
                .map(RequestSegment::route)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @CsvSource({"datadog", "annotated"})
    void idsAreThoseOfTheRequestAndNotOfItsParts(String variant) throws Exception {
        // Given
        Truth truth = Truth.of(variant);
        // When
        List<RequestSegment> segments = truth.segments();
        // Then
        for (Row row : truth.rows()) {
            segments.stream()
                    .filter(row::isMet)
                    .filter(s -> !s.startTruncated())
                    .forEach(s -> {
                        assertThat(s.segmentId()).isEqualTo(row.spanId());
                        assertThat(s.requestId()).contains(row.traceId());
                    });
        }
    }
}
