package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.place.UserCode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DetachedCallTest {

    /** @param severity null when nothing is said */
    private record Case(String title, Requests request, Severity severity) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case(
                        "a call on context.Background(), in time by luck",
                        Requests.request().deadlines(0, 500).called(true, 0, 400),
                        Severity.WARNING),
                new Case(
                        "it went on beyond the deadline",
                        Requests.request().deadlines(0, 500).called(true, 0, 600),
                        Severity.CRITICAL),
                new Case(
                        "the deadline is known from the header only",
                        Requests.request().deadlines(500, 0).called(true, 0, 400),
                        Severity.WARNING),
                new Case(
                        "the request's context was passed",
                        Requests.request().deadlines(0, 500).called(false, 0, 400),
                        null),
                new Case(
                        "detached with a deadline of its own",
                        Requests.request().deadlines(0, 500).called(true, 300, 400),
                        null),
                new Case("the request has no deadline", Requests.request().called(true, 0, 400), null),
                new Case(
                        "it outlives the request, which does not wait",
                        Requests.request().deadlines(0, 500).called(true, 0, 1_200),
                        null),
                new Case(
                        "it has not returned",
                        Requests.request().deadlines(0, 500).called(true, 0, 0),
                        null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case c) {
        // When
        List<Judgement> found =
                new DetachedCall().judge(c.request().build(), AnalysisConfig.DEFAULTS, UserCode.standard());
        // Then
        assertThat(found).hasSize(c.severity() == null ? 0 : 1);
        assertThat(found).allSatisfy(judgement -> {
            assertThat(judgement.severity()).isEqualTo(c.severity());
            assertThat(judgement.place().site()).isEqualTo("main.call");
            assertThat(judgement.identityRoute()).isEqualTo("GET /a");
        });
    }
}
