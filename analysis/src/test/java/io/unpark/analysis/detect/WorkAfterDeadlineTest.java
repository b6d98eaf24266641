package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of late work; what counts as late is in LateWorkTest of the instance's package. */
class WorkAfterDeadlineTest {
    private static final Stack CHILD =
            Samples.stack("main.step /src/main.go:71", "main.rank /src/main.go:60", "main.run.func1 /src/main.go:55");
    private static final Stack JOIN =
            Samples.stack("sync.(*WaitGroup).Wait /go/waitgroup.go:1", "main.run.func2 /src/main.go:58");
    private static final Stack NOBODYS = Samples.stack("net/http.(*conn).serve /go/server.go:1");

    /** @param line 0 when nothing is said */
    private record Case(String title, Requests request, int line, Severity severity) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case("the handler: where it was", Requests.request().late(7, 40, CHILD), 71, Severity.WARNING),
                new Case(
                        "a goroutine of the request: what it was started with",
                        Requests.request().late(8, 40, CHILD),
                        55,
                        Severity.WARNING),
                new Case("a second", Requests.request().late(8, 1_000, CHILD), 55, Severity.CRITICAL),
                new Case(
                        "the latest is named",
                        Requests.request().late(7, 40, CHILD).late(8, 90, CHILD),
                        55,
                        Severity.WARNING),
                new Case(
                        "who works, not who waits for it and ends last",
                        Requests.request().late(8, 40, CHILD).late(9, 90, JOIN),
                        55,
                        Severity.WARNING),
                new Case("nobody was late", Requests.request(), 0, null),
                new Case("no line of the user's", Requests.request().late(7, 400, NOBODYS), 0, null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case c) {
        // When
        List<Judgement> found =
                new WorkAfterDeadline().judge(c.request().build(), AnalysisConfig.DEFAULTS, UserCode.standard());
        // Then
        assertThat(found).hasSize(c.line() == 0 ? 0 : 1);
        assertThat(found).allSatisfy(judgement -> {
            assertThat(judgement.severity()).isEqualTo(c.severity());
            assertThat(judgement.place().line()).isEqualTo(c.line());
        });
    }
}
