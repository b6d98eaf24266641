package io.unpark.analysis.request;

import static io.unpark.analysis.request.Segments.MS;
import static io.unpark.analysis.request.Segments.at;
import static io.unpark.analysis.request.Segments.orders;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.config.ConfigReader;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.analysis.model.Wait;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which fault of a request's deadlines is told, of which service: the gateway has 150 ms and calls orders at 10 ms. */
final class DeadlineKindsTest {
    private static final String LOGGER = "main.withLog.func1";
    private static final Stack ROUND_TRIP = Samples.stack(
            "net/http.(*persistConn).roundTrip t.go:1",
            "net/http.(*Client).Do c.go:2",
            "main.(*Gateway).callOrders /src/gateway/main.go:57");

    private record Case(String title, List<RequestSegment> segments, String... said) {
        @Override
        public String toString() {
            return title;
        }
    }

    private static Case of(String title, RequestSegment first, RequestSegment second, String... said) {
        return new Case(title, List.of(first, second), said);
    }

    private static Case alone(String title, RequestSegment only, String... said) {
        return new Case(title, List.of(only), said);
    }

    private static OutgoingCall call(long contextMs, long headerMs) {
        return Segments.call(contextMs, headerMs, false);
    }

    private static Segments.Builder gateway(long deadlineMs, OutgoingCall... calls) {
        Stack handler = Samples.stack("main.(*Gateway).checkout /src/gateway/main.go:31");
        return Segments.segment("gateway", "a0", "", 1, "GET /checkout", handler)
                .deadlines(0, at(deadlineMs))
                .told()
                .lasting(0, 149)
                .calls(calls);
    }

    private static Segments.Builder ids(Segments.Builder segment) {
        return segment.logged(LOGGER);
    }

    static List<Case> extended() {
        RequestSegment caller = gateway(400, call(400, 0)).build();
        return List.of(
                of(
                        "the callee's context outlives the header",
                        gateway(150, call(150, 150)).build(),
                        orders().told()
                                .deadlines(at(152), at(900))
                                .lasting(12, 140)
                                .build(),
                        "orders deadline_extended main.createOrder"),
                of(
                        "the callee's context is the header's, read a moment later",
                        gateway(150, call(150, 150)).build(),
                        orders().told()
                                .deadlines(at(150), at(154))
                                .lasting(12, 140)
                                .build()),
                of(
                        "the callee has a later deadline of its own",
                        caller,
                        orders().told().deadlines(0, at(900)).lasting(12, 140).build(),
                        "orders deadline_extended main.createOrder"),
                of(
                        "the callee's own deadline is earlier",
                        caller,
                        orders().told().deadlines(0, at(300)).lasting(12, 140).build()),
                of(
                        "later by less than the clocks' error",
                        caller,
                        orders().told().deadlines(0, at(420)).lasting(12, 140).build()),
                of(
                        "the callee's clock is 300 ms ahead, and it counted the budget from its start",
                        caller,
                        orders().told().deadlines(0, at(700)).lasting(312, 440).build()),
                of(
                        "the callee's clock is 5 ms behind, and it took the time as it was written",
                        caller,
                        orders().told().deadlines(0, at(400)).lasting(7, 140).build()),
                alone(
                        "an awaited call on a detached context with a later deadline",
                        gateway(140, call(2_000, 0)).lasting(0, 155).build(),
                        "gateway deadline_exceeded main.(*Gateway).checkout",
                        "gateway deadline_extended main.(*Gateway).callOrders"),
                alone(
                        "the same call, which the request does not wait for",
                        gateway(400, call(2_000, 0)).lasting(0, 100).build()));
    }

    static List<Case> missing() {
        return List.of(
                of(
                        "no deadline anywhere: said of the entry only",
                        gateway(0, call(0, 0)).lasting(0, 1_500).build(),
                        orders().told().lasting(12, 1_490).build(),
                        "gateway missing_deadline main.(*Gateway).checkout"),
                alone("within the limit", gateway(0).lasting(0, 900).build()),
                alone("a stream", gateway(0).streamed().lasting(0, 9_000).build()),
                alone(
                        "nobody tells the deadlines",
                        ids(gateway(0)).lasting(0, 9_000).build()),
                alone(
                        "a long poll that is declared",
                        gateway(0).route("GET /poll").lasting(0, 9_000).build()),
                alone("it has a deadline", gateway(9_500).lasting(0, 9_000).build()),
                alone(
                        "a call on a context of its own is the fault",
                        gateway(9_500, Segments.call(0, 0, true))
                                .lasting(0, 9_000)
                                .build()),
                of(
                        "the callee's deadline was lost, which is the fault",
                        gateway(9_500, call(9_500, 0)).lasting(0, 9_000).build(),
                        orders().told().lasting(12, 8_000).build(),
                        "orders deadline_not_propagated main.createOrder"));
    }

    static List<Case> exceeded() {
        return List.of(
                of(
                        "it passes in both: said of the outer one",
                        gateway(150, call(150, 150)).lasting(0, 153).build(),
                        orders().told()
                                .deadlines(at(150), at(150))
                                .lasting(12, 152)
                                .build(),
                        "gateway deadline_exceeded main.(*Gateway).checkout"),
                of(
                        "the callee's passes, and the caller answers a moment before its own",
                        gateway(150, call(150, 149)).lasting(0, 149).build(),
                        orders().told()
                                .deadlines(at(149), at(149))
                                .lasting(12, 152)
                                .build(),
                        "gateway deadline_exceeded main.(*Gateway).checkout"),
                of(
                        "the callee had less time, and the caller did without it",
                        gateway(400, call(80, 80)).lasting(0, 90).build(),
                        orders().told()
                                .deadlines(at(80), at(80))
                                .lasting(12, 82)
                                .build(),
                        "orders deadline_exceeded main.createOrder"),
                alone("it kept to it", gateway(150).lasting(0, 149).build()),
                alone("rounding to milliseconds", gateway(150).lasting(0, 150).build()),
                alone(
                        "the client gave up when its time was spent",
                        gateway(150).lasting(0, 149).expired(148, true).build(),
                        "gateway deadline_exceeded main.(*Gateway).checkout"),
                alone(
                        "the client left long before",
                        gateway(150).lasting(0, 60).expired(55, true).build()));
    }

    static List<Case> idsOnly() {
        RequestSegment caller = ids(gateway(150)).build();
        Wait beyond = new Wait(7, at(10), 300 * MS, false, "select", ROUND_TRIP, -1, Stack.EMPTY);
        Wait ofAnother = new Wait(9, at(10), 300 * MS, false, "select", ROUND_TRIP, -1, Stack.EMPTY);
        Stack group =
                Samples.stack("sync.(*WaitGroup).Wait w.go:1", "main.(*Gateway).checkout /src/gateway/main.go:33");
        Wait forIt = new Wait(7, at(11), 300 * MS, false, "sync", group, 9, Stack.EMPTY);
        Wait forLater = new Wait(7, at(11), 308 * MS, false, "sync", group, 11, Stack.EMPTY);
        return List.of(
                of(
                        "the code that logged the caller's deadline logged none for the callee",
                        caller,
                        ids(orders("", "b1")).build(),
                        "orders deadline_not_propagated main.createOrder"),
                of(
                        "other code, which may not log deadlines",
                        caller,
                        orders("", "b1").logged("x.y").build()),
                of(
                        "the callee's was logged",
                        caller,
                        ids(orders("", "b1").deadlines(0, at(150)).lasting(12, 140))
                                .build()),
                of(
                        "a later one was logged",
                        caller,
                        ids(orders("", "b1").deadlines(0, at(900)).lasting(12, 140))
                                .build(),
                        "orders deadline_extended main.createOrder"),
                of(
                        "a round trip that goes on beyond the deadline was not given it; the callee could not know",
                        ids(gateway(150)).lasting(0, 320).waits(beyond).build(),
                        ids(orders("", "b1")).build(),
                        "gateway deadline_exceeded main.(*Gateway).checkout",
                        "gateway deadline_not_propagated main.(*Gateway).callOrders"),
                of(
                        "so is one of a goroutine that the handler waits for",
                        ids(gateway(150))
                                .lasting(0, 320)
                                .waits(ofAnother, forIt)
                                .build(),
                        ids(orders("", "b1")).build(),
                        "gateway deadline_exceeded main.(*Gateway).checkout",
                        "gateway deadline_not_propagated main.(*Gateway).callOrders"),
                alone(
                        "but not one that it did not wait for",
                        ids(gateway(150))
                                .lasting(0, 320)
                                .waits(ofAnother, forLater)
                                .build(),
                        "gateway deadline_exceeded main.(*Gateway).checkout"),
                of(
                        "started by the way, with a deadline of its own: the caller had answered long before",
                        ids(gateway(150)).lasting(0, 20).build(),
                        ids(orders("", "b1").deadlines(0, at(900)).lasting(12, 320))
                                .build()),
                of(
                        "started by the way, without one",
                        ids(gateway(150)).lasting(0, 20).build(),
                        ids(orders("", "b1").lasting(12, 320)).build()),
                new Case(
                        "three hops: where it was lost, not behind that",
                        List.of(
                                caller,
                                ids(orders("", "b1")).build(),
                                ids(Segments.segment(
                                                        "stock",
                                                        "c1",
                                                        "",
                                                        1,
                                                        "GET /stock",
                                                        Samples.stack("main.look /src/stock/main.go:9"))
                                                .lasting(20, 290))
                                        .build()),
                        "orders deadline_not_propagated main.createOrder"));
    }

    @ParameterizedTest
    @MethodSource({"extended", "missing", "exceeded", "idsOnly"})
    void judges(Case c) {
        // When
        List<Finding> found = judge(c.segments());
        // Then
        assertThat(found.stream().map(DeadlineKindsTest::line)).containsExactlyInAnyOrder(c.said());
    }

    @Test
    void aRequestWhoseCallerIsNotSeenIsOnlyPossiblyWithoutADeadline() {
        List<Finding> found = judge(List.of(orders().told().lasting(0, 1_500).build()));

        assertThat(found)
                .singleElement()
                .satisfies(finding -> assertThat(finding.confidence()).isEqualTo(Confidence.POSSIBLE));
    }

    @Test
    void theBudgetsRowsAddUpAndTheCauseLeadsToTheHopThatSpentIt() {
        // Given: the gateway waits for orders, which waits for a channel
        Wait roundTrip = new Wait(7, at(11), 138 * MS, false, "select", ROUND_TRIP, -1, Stack.EMPTY);
        Wait channel = new Wait(
                7,
                at(20),
                120 * MS,
                false,
                "chan receive",
                Samples.stack("runtime.chanrecv1 c.go:1", "main.reserve /src/orders/main.go:40"),
                -1,
                Stack.EMPTY);
        RequestSegment caller = gateway(150, call(150, 150))
                .lasting(0, 152)
                .waits(roundTrip)
                .split(split(9, 5, Map.of("select", 138L)))
                .build();
        RequestSegment callee = orders().told()
                .deadlines(at(150), at(150))
                .lasting(12, 150)
                .waits(channel)
                .split(split(10, 8, Map.of("chan receive", 120L)))
                .build();
        // When
        Finding finding = judge(List.of(callee, caller)).get(0);
        // Then
        assertThat(finding.evidence().values().get("budget"))
                .isEqualTo(List.of(
                        "gateway GET /checkout: total 152000000 ns",
                        "gateway GET /checkout: downstream orders:8080 138000000 ns",
                        "gateway GET /checkout: running 9000000 ns",
                        "gateway GET /checkout: runnable 5000000 ns",
                        "orders POST /orders: total 138000000 ns",
                        "orders POST /orders: blocked (chan receive) 120000000 ns",
                        "orders POST /orders: running 10000000 ns",
                        "orders POST /orders: runnable 8000000 ns"));
        assertThat(finding.evidence().values().get("between_hops"))
                .isEqualTo(List.of("gateway to orders: network and queueing 2000000 ns"));
        assertThat(finding.cause()).hasSize(2);
        assertThat(finding.cause().get(1).function()).isEqualTo("main.reserve");
        assertThat(finding.advice().fix()).contains("main.reserve");
        assertThat(finding.evidence().values()).containsEntry("past_deadline_ns", 2 * MS);
    }

    private static TimeSplit split(long runningMs, long runnableMs, Map<String, Long> blockedMs) {
        TreeMap<String, Long> blocked = new TreeMap<>();
        blockedMs.forEach((reason, ms) -> blocked.put(reason, ms * MS));
        return new TimeSplit(runningMs * MS, runnableMs * MS, 0, 0, 0, blocked);
    }

    private static String line(Finding finding) {
        return finding.instance().service() + " " + finding.kind().id() + " "
                + finding.place().site();
    }

    private static List<Finding> judge(List<RequestSegment> segments) {
        AnalysisConfig config = ConfigReader.read(Map.of("long_poll_routes", List.of("GET /poll")), Map.of());
        return RequestJoiner.judge(segments, RequestRules.of(config));
    }
}
