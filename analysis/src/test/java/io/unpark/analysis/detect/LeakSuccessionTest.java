package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Crews that others have taken the place of, and fleets that only look so. */
class LeakSuccessionTest {
    private static final long MS = Groups.MS;

    private static Optional<String> rule(Groups group) {
        return LeakRules.judge(group.build()).map(LeakVerdict::rule);
    }

    /** Crews of two, one each 600 ms by one creator that lives; they are served until just before the next one is there. */
    private static Groups crews(int count) {
        return Groups.receiving()
                .members(2 * count, m -> {
                    long crew = (m.id - 100) / 20;
                    m.creator = 7;
                    m.creatorGone = false;
                    m.createdNs = (500 + 600 * crew) * MS;
                    m.sinceNs = m.createdNs + 580 * MS;
                    m.wokenHere = 5;
                })
                .with(g -> {
                    g.lastCreatedNs = (500 + 600 * count) * MS;
                    g.lastMoveNs = Groups.NOW_NS; // the crew of today is served
                });
    }

    @Test
    void crewsThatAreServedUntilTheNextOneComesAreSuperseded() {
        assertThat(rule(crews(6))).contains("superseded");
    }

    @Test
    void fourAreTooFew() {
        assertThat(rule(crews(4))).isEmpty();
    }

    @Test
    void crewsMadeByRequestsAreSupersededAsWell() {
        Groups byRequests = Groups.receiving()
                .members(6, m -> {
                    m.bornInRequest = m.id;
                    m.createdNs = 500 * MS + 60 * (m.id - 100) * MS;
                    m.sinceNs = m.createdNs + 570 * MS;
                    m.wokenHere = 5;
                })
                .with(g -> g.lastCreatedNs = 4_100 * MS);
        assertThat(rule(byRequests)).contains("superseded");
    }

    @Test
    void aFleetWhoseElderMembersAreServedLaterIsAtRest() {
        // Given that one of the first crew was served two seconds after the second crew's birth
        Groups fleet = crews(6).members(1, m -> {
            m.creator = 7;
            m.creatorGone = false;
            m.createdNs = 500 * MS;
            m.sinceNs = 3_500 * MS;
            m.wokenHere = 5;
        });
        assertThat(rule(fleet)).isEmpty();
    }

    @Test
    void whoIsServedOnceAtItsBirthHasNotBeenSuperseded() {
        // Given actors, each of which got its first message, and nothing since
        Groups actors = Groups.receiving().members(8, m -> {
            m.creator = 7;
            m.creatorGone = false;
            m.sinceNs = m.createdNs + 10 * MS;
            m.wokenHere = 1;
        });
        assertThat(rule(actors)).isEmpty();
    }

    @Test
    void ofThoseOlderThanTheTraceOnlyTheYoungestAreServed() {
        // Given seven crews of three, of which only those with the greatest numbers are given something
        assertThat(rule(old(3, 0))).contains("superseded");
        // A few may be out of order, as each P has its own numbers
        assertThat(rule(old(3, 3))).contains("superseded");
        // When members of any age are served it is a pool
        assertThat(rule(old(3, 9))).isEmpty();
        assertThat(rule(old(1, 0))).isEmpty();
    }

    private static Groups old(int served, int younger) {
        return Groups.receiving()
                .members(18, Groups.MemberOf::old)
                .with(g -> g.births = new StuckGroup.Births(18, 7, 5, 7, served, younger));
    }
}
