package io.unpark.analysis.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A gateway of 160 ms that waits 150 ms for a call, and the callee's path. */
class SlowRequestTest {
    private static final RequestRules RULES = RequestRules.of(AnalysisConfig.DEFAULTS);
    private static final long MS = Segments.MS;
    private static final Frame CALL = new Frame("main.(*Gateway).callOrders", "/src/gateway/main.go", 57);
    private static final Frame QUERY = new Frame("main.query", "/src/orders/db.go", 12);

    private static PathHop hop(int parent, HopKind kind, String reason, String span, Frame line, long ms) {
        return new PathHop(
                parent, kind, reason, 7, "", "", span, line, line, PathHop.NOWHERE, Segments.T0_NS, ms * MS, 1, false);
    }

    private static RequestSegment gateway(boolean slow) {
        List<PathHop> hops = List.of(
                hop(-1, HopKind.RUNNING, "", "", CALL, 10),
                hop(-1, HopKind.WAITING, "select", "b0", CALL, 0),
                hop(1, HopKind.WAITING, "network", "", PathHop.NOWHERE, 150));
        RequestPath path = new RequestPath(
                hops,
                slow,
                20 * MS,
                400,
                new RequestPath.RootShare(
                        new RequestPath.RootShare.Part(3, 10, 450, 900),
                        new RequestPath.RootShare.Part(7, 20, 450, 1800),
                        2,
                        ""));
        return Segments.gateway(Segments.call(0, 0, false)).withPath(path);
    }

    private static RequestSegment orders(long ms) {
        List<PathHop> hops = List.of(
                hop(-1, HopKind.RUNNING, "", "", QUERY, ms / 10),
                hop(-1, HopKind.WAITING, "sync", "", QUERY, ms - ms / 10));
        return Segments.orders()
                .lasting(0, ms)
                .build()
                .withPath(new RequestPath(hops, false, 0, 0, RequestPath.RootShare.NONE));
    }

    private static Finding only(Collection<RequestSegment> segments) {
        List<Finding> slow = RequestJoiner.judge(segments, RULES).stream()
                .filter(f -> f.kind() == Kind.SLOW_REQUEST)
                .toList();
        assertThat(slow).hasSize(1);
        return slow.get(0);
    }

    private static long sumNs(Finding finding) {
        return finding.cause().stream().mapToLong(CauseStep::durationNs).sum();
    }

    @Test
    void whatTheInstanceDoesNotCallSlowIsNot() {
        // When
        List<Finding> found = RequestJoiner.judge(List.of(gateway(false)), RULES);
        // Then
        assertThat(found).noneMatch(f -> f.kind() == Kind.SLOW_REQUEST);
    }

    @Test
    void aloneItEndsInTheNetworkAtTheUsersLine() {
        // When
        Finding found = only(List.of(gateway(true)));
        // Then
        assertThat(found.place().route()).isEqualTo("GET /checkout");
        assertThat(found.severity()).isEqualTo(Severity.WARNING);
        assertThat(found.evidence().values())
                .containsEntry("root_reason", "network")
                .containsEntry("root_line", CALL.display())
                .containsEntry("shared_by_requests", 3L)
                .containsEntry("shared_route_time_permille", 500L);
        assertThat(sumNs(found)).isEqualTo(160 * MS);
    }

    @Test
    void theCallIsWhatTheCalleeDidAndTheRestIsTheWay() {
        // When
        Finding found = only(List.of(gateway(true), orders(120)));
        // Then
        assertThat(found.evidence().values())
                .containsEntry("root_service", "orders")
                .containsEntry("root_line", QUERY.display())
                .containsEntry("root_ns", 108 * MS);
        assertThat(found.cause())
                .filteredOn(step -> step.what().contains("network or queueing"))
                .singleElement()
                .extracting(CauseStep::durationNs)
                .isEqualTo(30 * MS);
        assertThat(sumNs(found)).isEqualTo(160 * MS);
    }

    @Test
    void aCalleeThatWentOnExplainsNoMoreThanTheWait() {
        // When
        Finding found = only(List.of(gateway(true), orders(1_500)));
        // Then
        assertThat(found.evidence().values()).containsEntry("root_ns", 135 * MS);
        assertThat(sumNs(found)).isEqualTo(160 * MS);
    }

    @Test
    void theOrderOfTheSegmentsDoesNotMatter() {
        // Given
        RequestSegment gateway = gateway(true);
        RequestSegment orders = orders(120);
        // Then
        assertThat(RequestJoiner.judge(List.of(gateway, orders), RULES))
                .isEqualTo(RequestJoiner.judge(List.of(orders, gateway), RULES));
    }

    @Test
    void aServiceThatCallsItselfEnds() {
        // Given
        RequestSegment own = Segments.orders("b0", "a0")
                .calls(Segments.call(0, 0, false))
                .build()
                .withPath(gateway(true).path());
        // When
        List<Finding> found = RequestJoiner.judge(List.of(gateway(true), own), RULES);
        // Then
        assertThat(found).filteredOn(f -> f.kind() == Kind.SLOW_REQUEST).isNotEmpty();
    }
}
