package io.unpark.analysis.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.Wait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Services that log their request's ids and nothing of their calls. */
class CalleesByIdTest {
    private static final long MS = Segments.MS;
    private static final Stack ROUND_TRIP = Samples.stack(
            "runtime.selectgo s.go:1",
            "net/http.(*persistConn).roundTrip t.go:2",
            "main.stock /src/gateway/main.go:61");
    private static final Stack OTHER_TRIP = Samples.stack(
            "runtime.selectgo s.go:1",
            "net/http.(*persistConn).roundTrip t.go:2",
            "main.price /src/gateway/main.go:70");
    private static final Frame QUERY = new Frame("main.query", "/src/orders/db.go", 12);

    private static Wait wait(Stack stack, long startMs, long ms) {
        return new Wait(7, Segments.T0_NS + startMs * MS, ms * MS, false, "select", stack, 9, Stack.EMPTY);
    }

    private static PathHop hop(int parent, HopKind kind, String reason, Frame at, Frame line, long ms) {
        return new PathHop(parent, kind, reason, 7, "", "", "", at, line, at, Segments.T0_NS, ms * MS, 1, false);
    }

    private static RequestPath path(PathHop... hops) {
        return new RequestPath(List.of(hops), false, 0, 0, RequestPath.RootShare.NONE);
    }

    /** Calls stock for 100 ms, then price for 40 ms. */
    private static RequestSegment gateway(Segments.Builder builder) {
        Frame select = ROUND_TRIP.frames().get(0);
        return builder.lasting(0, 150)
                .waits(wait(ROUND_TRIP, 5, 100), wait(OTHER_TRIP, 107, 40))
                .build()
                .withPath(path(
                        hop(-1, HopKind.RUNNING, "", select, ROUND_TRIP.frames().get(2), 10),
                        hop(
                                -1,
                                HopKind.WAITING,
                                "select",
                                select,
                                ROUND_TRIP.frames().get(2),
                                0),
                        hop(1, HopKind.WAITING, "network", select, PathHop.NOWHERE, 100),
                        hop(
                                -1,
                                HopKind.WAITING,
                                "select",
                                select,
                                OTHER_TRIP.frames().get(2),
                                40)));
    }

    private static RequestSegment gateway() {
        return gateway(Segments.segment("gateway", "a0", "", 1, "GET /", ROUND_TRIP));
    }

    private static RequestSegment callee(String span, long startMs, long ms) {
        return Segments.segment("orders", span, "", 1, "GET /stock", Samples.stack("main.query /src/orders/db.go:12"))
                .lasting(startMs, startMs + ms)
                .build()
                .withPath(path(hop(-1, HopKind.WAITING, "sleep", QUERY, QUERY, ms)));
    }

    private static long explainedNs(List<RequestSegment> segments) {
        return CausalChain.of(segments.get(0), segments).stream()
                .filter(hop -> hop.segment() != segments.get(0))
                .mapToLong(ChainHop::ns)
                .sum();
    }

    @Test
    void theWaitForTheAnswerIsWhatTheCalleeDid() {
        // Given
        List<RequestSegment> segments = List.of(gateway(), callee("b0", 10, 90));
        // When
        List<ChainHop> chain = CausalChain.of(segments.get(0), segments);
        // Then
        ChainHop root = CausalChain.root(chain).hop();
        assertThat(root.segment().instance().service()).isEqualTo("orders");
        assertThat(root.ns()).isEqualTo(90 * MS);
        assertThat(chain.stream().mapToLong(ChainHop::ns).sum()).isEqualTo(150 * MS);
        assertThat(CausalChain.ofRequest(segments))
                .anyMatch(step -> step.what().contains("network or queueing") && step.durationNs() == 10 * MS);
    }

    @Test
    void clocksThatAreApartDoNotMatterWhereOnlyOneWaitIsLongEnough() {
        assertThat(explainedNs(List.of(gateway(), callee("b0", 5_000, 90)))).isEqualTo(90 * MS);
        assertThat(explainedNs(List.of(gateway(), callee("b0", -5_000, 90)))).isEqualTo(90 * MS);
    }

    @Test
    void ofTwoCallsEachHasItsCalleeInWhicheverOrderTheyCome() {
        // Given
        List<RequestSegment> segments = new ArrayList<>(List.of(callee("b0", 10, 30), callee("b1", 110, 30)));
        RequestSegment gateway = gateway();
        // When
        List<ChainHop> oneWay = CausalChain.of(gateway, all(gateway, segments));
        Collections.reverse(segments);
        List<ChainHop> otherWay = CausalChain.of(gateway, all(gateway, segments));
        // Then
        assertThat(otherWay).isEqualTo(oneWay);
        assertThat(oneWay)
                .filteredOn(hop -> hop.segment() != gateway)
                .extracting(hop -> hop.segment().segmentId(), ChainHop::ns)
                .containsExactlyInAnyOrder(tuple("b0", 30 * MS), tuple("b1", 30 * MS));
    }

    private static List<RequestSegment> all(RequestSegment first, List<RequestSegment> others) {
        List<RequestSegment> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        return all;
    }

    @Test
    void whatIsLongerThanAnyWaitIsNobodysCallee() {
        assertThat(explainedNs(List.of(gateway(), callee("b0", 10, 130)))).isZero();
    }

    @Test
    void whoTellsOfItsCallsIsNotGuessedAbout() {
        // Given: annotated calls, none of which led there
        RequestSegment gateway = gateway(Segments.segment("gateway", "a0", "", 1, "GET /", ROUND_TRIP)
                .calls(Segments.call("other", 0, 0, false)));
        // Then
        assertThat(explainedNs(List.of(gateway, callee("b0", 10, 90)))).isZero();
    }
}
