package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.config.ConfigReader;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockedTooLongTest {
    private static final AnalysisConfig CONFIG = AnalysisConfig.DEFAULTS;
    private static final Stack ELSEWHERE = Samples.stack("main.other /src/main.go:77");
    private static final Stack NOBODYS = Samples.stack("net/http.(*conn).readRequest /go/server.go:1");

    /** @param severity null when nothing is said */
    private record Case(String title, Requests request, Severity severity) {
        @Override
        public String toString() {
            return title;
        }
    }

    private static final Stack BODY = Samples.stack(
            "net.(*conn).Read /go/net.go:1", "net/http.(*body).Read /go/transfer.go:1", "main.handle /src/main.go:30");

    static List<Case> cases() {
        return List.of(
                new Case("one wait of 250 ms", Requests.request().waited("chan receive", 250), Severity.WARNING),
                new Case("five times the limit", Requests.request().waited("sync", 1_250), Severity.CRITICAL),
                new Case("249 ms", Requests.request().waited("chan receive", 249), null),
                new Case(
                        "three of 100 ms at one place",
                        Requests.request()
                                .waited("sync", 100)
                                .waited("sync", 100)
                                .waited("sync", 100),
                        Severity.WARNING),
                new Case(
                        "three of 100 ms at two places",
                        Requests.request()
                                .waited("sync", 100)
                                .waited("sync", 100)
                                .waited(7, "sync", 100, ELSEWHERE),
                        null),
                new Case("a deliberate sleep", Requests.request().waited("sleep", 5_000), null),
                new Case("the collector's", Requests.request().waited("GC assist wait", 5_000), null),
                new Case("a reason that was not told", Requests.request().waited("", 5_000), null),
                new Case(
                        "another goroutine of the request",
                        Requests.request().waited(8, "chan receive", 5_000, Requests.WAITING),
                        null),
                new Case("the request's body", Requests.request().waited(7, "network", 5_000, BODY), null),
                new Case("its own timer", Requests.request().timed("select", 5_000), null),
                new Case("its own ticker", Requests.request().timed("chan receive", 5_000), null),
                new Case("no line of the user's", Requests.request().waited(7, "network", 5_000, NOBODYS), null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case c) {
        // When
        List<Judgement> found = new BlockedTooLong().judge(c.request().build(), CONFIG, UserCode.standard());
        // Then
        assertThat(found).hasSize(c.severity() == null ? 0 : 1);
        assertThat(found).allSatisfy(judgement -> {
            assertThat(judgement.severity()).isEqualTo(c.severity());
            assertThat(judgement.place().line()).isEqualTo(30);
            assertThat(judgement.place().route()).isEqualTo("GET /a");
            assertThat(judgement.cause()).hasSize(2);
            assertThat(judgement.cause().get(1).function()).isEqualTo("main.produce");
        });
    }

    @Test
    void namesTheLibrarysFunctionThatWaits() {
        // Given
        Requests asked = Requests.request()
                .waited(
                        7,
                        "select",
                        400,
                        Samples.stack(
                                "runtime.selectgo /go/select.go:1",
                                "net/http.(*persistConn).roundTrip /go/transport.go:1",
                                "main.handle /src/main.go:30"));
        // When
        List<Judgement> found = new BlockedTooLong().judge(asked.build(), CONFIG, UserCode.standard());
        // Then
        assertThat(found).singleElement().satisfies(judgement -> {
            assertThat(judgement.place().site()).isEqualTo("main.handle");
            assertThat(judgement.place().creationSite()).isEqualTo("net/http.(*persistConn).roundTrip");
        });
    }

    @Test
    void aStreamWaitsForWhatThereWillBeToSendButNotForALock() {
        // Given an answer that is sent piece by piece
        Requests between = Requests.request().streamed().waited("chan receive", 600);
        Requests locked = Requests.request().streamed().waited("sync", 600);
        // When
        BlockedTooLong detector = new BlockedTooLong();
        // Then
        assertThat(detector.judge(between.build(), CONFIG, UserCode.standard())).isEmpty();
        assertThat(detector.judge(locked.build(), CONFIG, UserCode.standard())).hasSize(1);
    }

    @Test
    void aLongPollThatIsDeclaredIsMeantToWait() {
        // Given
        AnalysisConfig longPoll = ConfigReader.read(Map.of("long_poll_routes", List.of("GET /events")), Map.of());
        Requests events = Requests.request().route("GET /events").waited("select", 30_000);
        Requests other = Requests.request().waited("select", 30_000);
        // When
        BlockedTooLong detector = new BlockedTooLong();
        // Then
        assertThat(detector.judge(events.build(), longPoll, UserCode.standard()))
                .isEmpty();
        assertThat(detector.judge(other.build(), longPoll, UserCode.standard())).hasSize(1);
    }
}
