package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What creators tell: a fleet made one by one, a pool that is full, one job that starts several. */
class LeakCreatorsTest {
    private static final long MS = Groups.MS;

    private static Optional<String> rule(Groups group) {
        return LeakRules.judge(group.build()).map(LeakVerdict::rule);
    }

    /** One each 200 ms by one creator, from 500 ms on. */
    private static Groups byOneCreator(int count, boolean creatorGone) {
        return Groups.receiving().members(count, m -> {
            m.creator = 7;
            m.creatorGone = creatorGone;
        });
    }

    @Test
    void oneJobThatStartsSeveralAndEndsIsOneCreator() {
        // Given four goroutines of one creator that is gone, born at four moments
        Groups drained = byOneCreator(4, true);
        // Then they are no growth; of four creators they would be
        assertThat(rule(drained)).isEmpty();
        assertThat(rule(Groups.receiving().members(4))).contains("growth");
    }

    @Test
    void aFleetMadeOneByOneByALoopThatHasStoppedIsOrdinary() {
        // Given sixteen, the last of them long ago against the pauses between them
        Groups staged = byOneCreator(16, false).with(g -> g.lastCreatedNs = 5_000 * MS);
        // Then nothing is said
        assertThat(rule(staged)).isEmpty();
    }

    @Test
    void aLoopThatGoesOnIsNoFleet() {
        assertThat(rule(byOneCreator(16, false))).contains("growth");
    }

    @Test
    void manyAreNoFleet() {
        Groups many = byOneCreator(25, false).with(g -> g.lastCreatedNs = 8_000 * MS);
        assertThat(rule(many)).contains("growth");
    }

    @Test
    void whatAJobThatHasEndedMadeIsAFleetHoweverLarge() {
        Groups tickers = byOneCreator(30, true).with(g -> g.lastCreatedNs = 8_000 * MS);
        assertThat(rule(tickers)).isEmpty();
    }

    @Test
    void thePoolIsFullWhenManyRequestsLeftNobodySince() {
        // Given that the requests 1 to 8 left one each, and forty since then none
        Groups pool = leftByRequests(1).with(g -> {
            g.lastRequest = 48;
            g.lastCreatedNs = 3_000 * MS;
        });
        // Then it is a pool
        assertThat(rule(pool)).isEmpty();
    }

    @Test
    void requestsThatSeldomLeaveOneMayLeaveAnother() {
        // Given that each tenth request left one, and twenty since then none
        Groups seldom = leftByRequests(10).with(g -> {
            g.lastRequest = 91;
            g.lastCreatedNs = 3_000 * MS;
        });
        // Then it is growth
        assertThat(rule(seldom)).contains("growth");
    }

    private static Groups leftByRequests(int apart) {
        return Groups.receiving().members(8, m -> m.bornInRequest = 1 + apart * (m.id - 100) / 10);
    }

    @Test
    void othersThatWereLeftAsTheseAreServedNowAndThen() {
        Groups consumers = Groups.receiving().members(10).with(g -> g.kinServed = 2);
        assertThat(rule(consumers)).isEmpty();
    }

    @Test
    void aCoroutineThatNobodyStopsIsLeftBehind() {
        // Given iterators that were pulled once each, by requests that are over
        Groups pulled = Groups.waiting("", "runtime.coroswitch /go/coro.go:94", "main.pages.func1 /src/main.go:7")
                .members(4)
                .with(g -> {
                    g.start = "runtime.corostart";
                    g.creation = Samples.stack("iter.Pull[...] /go/iter.go:271", "main.first /src/main.go:20");
                });
        // Then they are leaked
        assertThat(rule(pulled)).contains("growth");
    }
}
