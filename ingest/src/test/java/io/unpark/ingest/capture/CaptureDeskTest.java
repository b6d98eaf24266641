package io.unpark.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.unpark.ingest.capture.CaptureWish.AskedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Wishes and agents, by a clock that the tests turn. */
class CaptureDeskTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final AgentKey FIRST = new AgentKey("shop", "orders", "orders-1");
    private static final AgentKey SECOND = new AgentKey("shop", "orders", "orders-2");

    private final AtomicLong nowNs = new AtomicLong(1_795_390_000_000_000_000L);
    private final CaptureDesk desk = new CaptureDesk(CaptureLimits.DEFAULT, nowNs::get);

    private void pass(long seconds) {
        nowNs.addAndGet(seconds * 1_000_000_000L);
    }

    private static CaptureWish wish(int agents, int seconds) {
        return new CaptureWish("shop", "orders", Optional.empty(), agents, seconds, "look", AskedBy.OPERATOR);
    }

    private static CaptureWish wishOf(String instance) {
        return new CaptureWish("shop", "orders", Optional.of(instance), 1, 5, "look", AskedBy.OPERATOR);
    }

    private CompletableFuture<Optional<Command>> waits(AgentKey agent) throws CaptureRefusedException {
        return desk.poll(agent, LONG, Optional.empty());
    }

    private void says(AgentKey agent, String id, String refusal) throws CaptureRefusedException {
        desk.poll(agent, LONG, Optional.of(new AgentAnswer(id, refusal)));
    }

    private CaptureRefusedException refusal(CaptureWish wish) {
        return catchThrowableOfType(CaptureRefusedException.class, () -> desk.ask(wish));
    }

    private ShareReport share(String id) {
        return desk.report(id).orElseThrow().agents().get(0);
    }

    @Test
    void anAgentThatWaitsGetsTheCommandAtOnceAndItsTraceIsTakenDown() throws Exception {
        // Given an agent that waits
        var work = waits(FIRST);

        // When somebody asks, the agent begins, and its trace arrives in two pushes
        CaptureReport asked = desk.ask(wish(1, 5));
        assertThat(work.join()).contains(new Command(asked.id(), 5, "look"));
        assertThat(share(asked.id()).state()).isEqualTo(ShareState.SENT);
        says(FIRST, asked.id(), "");
        assertThat(share(asked.id()).state()).isEqualTo(ShareState.TAKEN);
        pass(2);
        desk.pushed(FIRST, asked.id(), 0, new Accepted(2, 2_000, "abc"));
        assertThat(share(asked.id()).state()).isEqualTo(ShareState.ARRIVING);
        pass(4);
        desk.pushed(FIRST, asked.id(), 0, new Accepted(4, 4_000, "abc"));
        pass(6);

        // Then it is done, and what came is told
        CaptureReport done = desk.report(asked.id()).orElseThrow();
        assertThat(done.open()).isFalse();
        assertThat(done.agents()).containsExactly(new ShareReport("orders-1", ShareState.ARRIVED, "", 6, 6_000, "abc"));
        assertThat(desk.status()).satisfies(status -> {
            assertThat(status.asked()).isEqualTo(1);
            assertThat(status.generations()).isEqualTo(6);
            assertThat(status.open()).isZero();
            assertThat(status.agents()).isEqualTo(1);
        });
    }

    @Test
    void whatBelongsToNoCaptureOrComesFromSomebodyElseIsNotTakenDown() throws Exception {
        waits(FIRST);
        waits(SECOND);
        CaptureReport asked = desk.ask(wishOf("orders-1"));

        desk.pushed(SECOND, asked.id(), 0, new Accepted(1, 1, "x"));
        desk.pushed(FIRST, "", 0, new Accepted(1, 1, "x"));
        desk.pushed(FIRST, "0123456789abcdef", 0, new Accepted(1, 1, "x"));
        says(SECOND, asked.id(), "capture_running");

        assertThat(share(asked.id()).generations()).isZero();
        assertThat(share(asked.id()).state()).isEqualTo(ShareState.SENT);
    }

    @Test
    void withoutAnInstanceTheOneThatWasAskedLongestAgoIsChosen() throws Exception {
        waits(SECOND);
        waits(FIRST);

        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            CaptureReport report = desk.ask(wish(1, 0));
            chosen.add(report.agents().get(0).instance());
        }

        assertThat(chosen).containsExactly("orders-1", "orders-2");
        assertThat(refusal(wish(2, 0)).refusal()).isEqualTo(CaptureRefusal.CAPTURE_RUNNING);
    }

    @Test
    void severalAreAskedWhenSeveralAreWantedAndOnlyThoseOfTheService() throws Exception {
        waits(FIRST);
        waits(SECOND);
        waits(new AgentKey("shop", "gateway", "gateway-1"));
        waits(new AgentKey("", "orders", "orders-9"));

        CaptureReport report = desk.ask(wish(9, 5));

        assertThat(report.agents()).extracting(ShareReport::instance).containsExactly("orders-1", "orders-2");
    }

    @Test
    void oneCaptureOfAProcessAtATimeThenAPause() throws Exception {
        // Given one that is being made
        waits(FIRST);
        CaptureReport asked = desk.ask(wish(1, 5));
        says(FIRST, asked.id(), "");

        // When somebody else asks meanwhile, just after, and after the pause
        CaptureRefusedException during = refusal(wish(1, 5));
        desk.pushed(FIRST, asked.id(), 0, new Accepted(5, 5, "abc"));
        pass(12);
        waits(FIRST);
        CaptureRefusedException after = refusal(wish(1, 5));
        pass(after.retryAfter().toSeconds());

        // Then the first is named, the second is told when, the third is granted
        assertThat(during.refusal()).isEqualTo(CaptureRefusal.CAPTURE_RUNNING);
        assertThat(during.runningId()).isEqualTo(asked.id());
        assertThat(after.refusal()).isEqualTo(CaptureRefusal.COOLING_DOWN);
        assertThat(after.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
        assertThat(desk.ask(wish(1, 5)).agents()).hasSize(1);
        assertThat(desk.status().refused()).isEqualTo(Map.of("capture_running", 1L, "cooling_down", 1L));
    }

    @Test
    void whatGaveNothingNeedsNoPause() throws Exception {
        waits(FIRST);
        CaptureReport asked = desk.ask(wish(1, 5));
        says(FIRST, asked.id(), "capture_running");

        CaptureReport again = desk.ask(wish(1, 5));

        assertThat(share(asked.id()).state()).isEqualTo(ShareState.REFUSED);
        assertThat(share(asked.id()).detail()).contains("capture_running");
        assertThat(again.agents()).hasSize(1);
    }

    @Test
    void whatWentToADeadConnectionIsToldAgainAFewTimes() throws Exception {
        var dead = waits(FIRST);
        CaptureReport asked = desk.ask(wish(1, 5));
        assertThat(dead.join()).isPresent();

        assertThat(waits(FIRST).join()).isPresent();
        assertThat(waits(FIRST).join()).isPresent();
        assertThat(waits(FIRST)).isNotDone();

        pass(61);
        assertThat(share(asked.id()).state()).isEqualTo(ShareState.EXPIRED);
        assertThat(share(asked.id()).detail()).contains("never answered");
    }

    @Test
    void anAgentThatIsBetweenTwoQuestionsGetsItWithTheNextOneOrTooLate() throws Exception {
        desk.poll(FIRST, Duration.ZERO, Optional.empty()).join();
        CaptureReport inTime = desk.ask(wish(1, 5));
        assertThat(share(inTime.id()).state()).isEqualTo(ShareState.ASKED);

        assertThat(waits(FIRST).join()).isPresent();

        pass(61);
        desk.poll(FIRST, Duration.ZERO, Optional.empty()).join();
        CaptureReport late = desk.ask(wish(1, 5));
        pass(61);
        assertThat(waits(FIRST)).isNotDone();
        assertThat(share(late.id()).detail()).contains("did not ask");
    }

    @Test
    void aTraceThatNeverComesIsSaidToBeMissing() throws Exception {
        waits(FIRST);
        CaptureReport asked = desk.ask(wish(1, 5));
        says(FIRST, asked.id(), "");

        pass(5 + 30 + 2);

        assertThat(share(asked.id()).state()).isEqualTo(ShareState.SILENT);
        assertThat(desk.report(asked.id()).orElseThrow().open()).isFalse();
    }

    @Test
    void nobodyToAskIsToldWithWhatIsKnown() throws Exception {
        assertThat(refusal(wish(1, 5)).refusal()).isEqualTo(CaptureRefusal.NO_AGENT);
        assertThat(refusal(wish(1, 5)))
                .hasMessageContaining("no agent of orders")
                .hasMessageContaining("60 s");

        desk.pushed(FIRST, "", 0, new Accepted(1, 1, "x"));
        assertThat(refusal(wish(1, 5))).hasMessageContaining("1 instance has sent traces");

        waits(SECOND);
        assertThat(refusal(wishOf("orders-1"))).hasMessageContaining("instance orders-1 of orders");
        pass(61);
        assertThat(refusal(wish(1, 5)).refusal()).isEqualTo(CaptureRefusal.NO_AGENT);
        assertThat(desk.status().agents()).isZero();
    }

    @Test
    void aSecondQuestionOfTheSameInstanceEndsTheFirst() throws Exception {
        var first = waits(FIRST);

        var second = waits(FIRST);

        assertThat(first.join()).isEmpty();
        assertThat(second).isNotDone();
        desk.close();
        assertThat(second.join()).isEmpty();
    }

    @Test
    void aQuestionIsHeldNoLongerThanItAsksFor() throws Exception {
        assertThat(desk.poll(FIRST, Duration.ofMillis(20), Optional.empty()).join())
                .isEmpty();
    }

    @Test
    void everythingHasABound() throws Exception {
        CaptureLimits few = new CaptureLimits(
                60, 32, 2, 3, LONG, 3, 2, LONG, LONG, Duration.ofSeconds(1), LONG, Duration.ZERO, Duration.ZERO);
        CaptureDesk small = new CaptureDesk(few, nowNs::get);
        List<AgentKey> agents = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            agents.add(new AgentKey("", "s" + i, "i"));
        }

        // Agents that wait, agents that are known, captures that are open
        small.poll(agents.get(0), LONG, Optional.empty());
        small.poll(agents.get(1), LONG, Optional.empty());
        assertThat(catchThrowableOfType(
                                CaptureRefusedException.class, () -> small.poll(agents.get(2), LONG, Optional.empty()))
                        .refusal())
                .isEqualTo(CaptureRefusal.TOO_MANY_AGENTS);
        assertThat(catchThrowableOfType(
                                CaptureRefusedException.class, () -> small.poll(agents.get(3), LONG, Optional.empty()))
                        .refusal())
                .isEqualTo(CaptureRefusal.TOO_MANY_AGENTS);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ids.add(small.ask(of(agents.get(i))).id());
        }
        assertThat(catchThrowableOfType(CaptureRefusedException.class, () -> small.ask(of(agents.get(2))))
                        .refusal())
                .isEqualTo(CaptureRefusal.TOO_MANY_CAPTURES);

        // Captures that are remembered: the oldest that is done goes
        for (int i = 0; i < 4; i++) {
            pass(2);
            ids.add(small.ask(of(agents.get(i % 2))).id());
        }
        assertThat(small.reports()).extracting(CaptureReport::id).containsExactly(ids.get(5), ids.get(4), ids.get(3));
        assertThat(small.report(ids.get(0))).isEmpty();
    }

    private static CaptureWish of(AgentKey agent) {
        return new CaptureWish("", agent.service(), Optional.empty(), 1, 0, "r", AskedBy.ANOMALY);
    }

    @Test
    void whatAgentsDroppedIsAddedUpOverTheirRestarts() {
        desk.pushed(FIRST, "", 3, new Accepted(1, 1, "x"));
        desk.pushed(FIRST, "", 5, new Accepted(1, 1, "x"));
        desk.pushed(SECOND, "", 1, new Accepted(1, 1, "x"));
        desk.pushed(FIRST, "", 2, new Accepted(1, 1, "x"));

        assertThat(desk.status().droppedByAgents()).isEqualTo(5 + 1 + 2);
    }

    /** Traces what it is told to, when the test says so. */
    private static final class Targets implements CaptureSource {
        private final List<AgentKey> known;
        private final List<Outcome> begun = new ArrayList<>();
        private final List<CaptureKind> kinds = new ArrayList<>();

        Targets(AgentKey... known) {
            this.known = List.of(known);
        }

        @Override
        public List<AgentKey> instances(String namespace, String service, CaptureKind kind) {
            return known;
        }

        @Override
        public void begin(AgentKey instance, CaptureKind kind, int seconds, Outcome outcome) {
            kinds.add(kind);
            begun.add(outcome);
        }
    }

    @Test
    void aProcessWithoutAnAgentIsTracedByTheCollectorItself() throws Exception {
        Targets targets = new Targets(FIRST, SECOND);
        desk.use(targets);

        CaptureReport asked = desk.ask(wish(2, 5));
        assertThat(asked.agents()).extracting(ShareReport::state).containsOnly(ShareState.TAKEN);
        targets.begun.get(0).arrived(new Accepted(5, 500, "abc"));
        targets.begun.get(1).failed("it does not answer");
        pass(12);

        CaptureReport done = desk.report(asked.id()).orElseThrow();
        assertThat(done.open()).isFalse();
        assertThat(done.agents())
                .containsExactly(
                        new ShareReport("orders-1", ShareState.ARRIVED, "", 5, 500, "abc"),
                        new ShareReport("orders-2", ShareState.REFUSED, "it does not answer", 0, 0, ""));
    }

    @Test
    void aProfileIsFetchedByTheCollectorEvenFromAProcessWithAnAgent() throws Exception {
        CaptureWish heap =
                new CaptureWish("shop", "orders", Optional.empty(), 1, CaptureKind.HEAP, 0, "look", AskedBy.OPERATOR);
        var work = waits(FIRST);
        assertThat(refusal(heap).refusal()).isEqualTo(CaptureRefusal.NO_AGENT);
        assertThat(refusal(heap)).hasMessageContaining("scrapes");
        Targets targets = new Targets(FIRST);
        desk.use(targets);

        CaptureReport asked = desk.ask(heap);
        targets.begun.get(0).arrived(new Accepted(1, 500, ""));
        pass(7);

        assertThat(work).isNotDone();
        assertThat(targets.kinds).containsExactly(CaptureKind.HEAP);
        assertThat(share(asked.id()).state()).isEqualTo(ShareState.ARRIVED);
    }

    @Test
    void anAgentIsAskedBeforeItsProcessIsTracedFromOutside() throws Exception {
        Targets targets = new Targets(FIRST);
        desk.use(targets);
        var work = waits(FIRST);

        desk.ask(wish(2, 5));

        assertThat(work.join()).isPresent();
        assertThat(targets.begun).isEmpty();
    }
}
