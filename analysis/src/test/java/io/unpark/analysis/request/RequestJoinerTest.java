package io.unpark.analysis.request;

import static io.unpark.analysis.request.Segments.at;
import static io.unpark.analysis.request.Segments.call;
import static io.unpark.analysis.request.Segments.gateway;
import static io.unpark.analysis.request.Segments.orders;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is a lost deadline, and what only looks like one. */
final class RequestJoinerTest {
    @Test
    void aDeadlineThatTheCallerDidNotSendIsReportedOnTheCalleeWithTheCallersLine() {
        Finding finding = only(gateway(call(150, 0, false)), orders().build());

        assertThat(finding.kind()).isEqualTo(Kind.DEADLINE_NOT_PROPAGATED);
        assertThat(finding.instance().service()).isEqualTo("orders");
        assertThat(finding.input()).isEqualTo("orders.trace");
        assertThat(finding.place().site()).isEqualTo("main.createOrder");
        assertThat(finding.place().file()).isEqualTo("/src/orders/main.go");
        assertThat(finding.place().line()).isEqualTo(88);
        assertThat(finding.place().route()).isEqualTo("POST /orders");
        assertThat(finding.subject()).isEqualTo(Segments.TRACE);
        assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
        assertThat(finding.durationNs()).isEqualTo(300 * Segments.MS);
        assertThat(finding.firstSeenNs()).isEqualTo(at(12));
        assertThat(finding.summary())
                .isEqualTo(
                        "orders POST /orders ran without the deadline of its caller: gateway had 140 ms left and sent no"
                                + " deadline; it went on for 162 ms past it.");
        assertThat(finding.evidence().values())
                .containsEntry("caller", "main.(*Gateway).callOrders /src/gateway/main.go:57")
                .containsEntry("caller_service", "gateway")
                .containsEntry("caller_deadline", "2025-11-23T00:00:00.150000000Z")
                .containsEntry("caller_header_deadline", "none")
                .containsEntry("callee_deadline", "none")
                .containsEntry("budget_ns", 138 * Segments.MS)
                .containsEntry("past_deadline_ns", 162 * Segments.MS);
        assertThat(finding.advice().fix()).contains("main.(*Gateway).callOrders /src/gateway/main.go:57");
    }

    @Test
    void aCalleeThatEndedInTimeOrWithinTheClocksErrorIsAWarning() {
        assertThat(only(gateway(call(150, 0, false)), orders().lasting(12, 100).build())
                        .severity())
                .isEqualTo(Severity.WARNING);
        assertThat(only(gateway(call(150, 0, false)), orders().lasting(12, 170).build())
                        .severity())
                .isEqualTo(Severity.WARNING);
        assertThat(only(gateway(call(150, 0, false)), orders().lasting(12, 176).build())
                        .severity())
                .isEqualTo(Severity.CRITICAL);
    }

    @Test
    void aHeaderThatTheCalleeIgnoredIsJudgedWithoutTheCallersData() {
        Finding finding = only(orders().deadlines(at(150), 0).build());

        assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.evidence().values())
                .containsEntry("lost", "header ignored by the callee")
                .doesNotContainKey("caller");
        assertThat(only(
                                gateway(call(150, 150, false)),
                                orders().deadlines(at(150), 0).build())
                        .findingId())
                .isEqualTo(finding.findingId());
    }

    @Test
    void aHeaderThatDidNotArriveIsLostToo() {
        Finding finding = only(gateway(call(150, 150, false)), orders().build());

        assertThat(finding.evidence().values()).containsEntry("lost", "header sent but not received");
        assertThat(finding.summary()).contains("sent it, but it did not arrive");
    }

    @Test
    void aDeadlineThatArrivedIsFine() {
        none(
                gateway(call(150, 150, false)),
                orders().deadlines(at(150), at(150)).build());
    }

    @Test
    void aCalleeWithADeadlineOfItsOwnIsNotReported() {
        none(gateway(call(150, 0, false)), orders().deadlines(0, at(900)).build());
    }

    @Test
    void aCallerWithoutADeadlineHasNothingToPassOn() {
        none(gateway(call(0, 0, false)), orders().build());
    }

    @Test
    void aDetachedCallIsTheCallersFaultAndJudgedThere() {
        none(gateway(call(150, 0, true)), orders().build());
        none(gateway(call(150, 150, true)), orders().deadlines(at(150), 0).build());
    }

    @Test
    void aDeadlineAppliedByTheHandlerItselfShowsInItsOwnCalls() {
        none(orders().deadlines(at(150), 0).calls(call("c0", 152, 0, false)).build());
        only(orders().deadlines(at(150), 0).calls(call("c0", 900, 0, false)).build());
        only(orders().deadlines(at(150), 0).calls(call("c0", 150, 0, true)).build());
    }

    @Test
    void withoutAnnotationsOrWithoutTheRequestsStartNoDeadlineSeenIsNoDeadlineMissing() {
        none(
                gateway(call(150, 0, false)),
                orders().attribution(Confidence.LIKELY).build());
        none(gateway(call(150, 0, false)), orders().startTruncated().build());
    }

    @Test
    void anotherSpansOrAnotherTracesCallIsNotTheCaller() {
        none(gateway(call("zz", 150, 0, false)), orders().build());
        none(gateway(call(150, 0, false)), orders("", "a1").build());
    }

    @Test
    void oneRequestThatLosesItAtOnePlaceTwiceIsOneSubjectShownByTheWorse() {
        List<Finding> findings = lost(
                gateway(call("b0", 150, 0, false), call("b1", 150, 0, false)),
                orders("b0", "a1").lasting(12, 60).build(),
                orders("b1", "a2").lasting(20, 320).build());

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.count()).isEqualTo(1);
            assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(finding.firstSeenNs()).isEqualTo(at(12));
            assertThat(finding.lastSeenNs()).isEqualTo(at(20));
        });
    }

    @Test
    void aSpanIdThatTwoSegmentsSentGivesTheSameFindingInEveryOrder() {
        RequestSegment one = gateway(call(150, 0, false));
        RequestSegment other = orders("", "a9").calls(call(140, 0, false)).build();
        RequestSegment callee = orders().build();

        assertThat(lost(one, other, callee)).hasSize(1).isEqualTo(lost(callee, other, one));
    }

    @Test
    void theUsersPackagesFromTheConfigurationChooseTheLine() {
        RequestSegment callee = orders().deadlines(at(150), 0)
                .handler(Samples.stack("corp/web.Wrap w.go:3", "main.createOrder /src/orders/main.go:88"))
                .build();

        RequestRules rules = new RequestRules(UserCode.of(List.of("corp")), "cfg", AnalysisConfig.DEFAULTS);
        Finding finding = RequestJoiner.judge(List.of(callee), rules).get(0);

        assertThat(finding.place().site()).isEqualTo("corp/web.Wrap");
    }

    @Test
    void aHandlerWithoutAStackIsStillReported() {
        Finding finding =
                only(orders().deadlines(at(150), 0).handler(Stack.EMPTY).build());

        assertThat(finding.place().site()).isEmpty();
        assertThat(finding.place().route()).isEqualTo("POST /orders");
    }

    private static Finding only(RequestSegment... segments) {
        List<Finding> findings = lost(segments);
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static void none(RequestSegment... segments) {
        assertThat(lost(segments)).isEmpty();
    }

    private static List<Finding> lost(RequestSegment... segments) {
        return RequestJoiner.judge(List.of(segments), RequestRules.of(AnalysisConfig.DEFAULTS)).stream()
                .filter(finding -> finding.kind() == Kind.DEADLINE_NOT_PROPAGATED)
                .toList();
    }
}
