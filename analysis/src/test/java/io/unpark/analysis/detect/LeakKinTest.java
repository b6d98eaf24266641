package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.detect.StuckGroup.Births;
import io.unpark.analysis.detect.StuckGroup.Kin;
import io.unpark.analysis.detect.StuckGroup.Stage;
import io.unpark.analysis.model.Confidence;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What others of their kind do, while some wait. */
class LeakKinTest {
    private static final long MS = Groups.MS;

    private static Optional<String> rule(Groups group) {
        return LeakRules.judge(group.build()).map(LeakVerdict::rule);
    }

    /** Five that are older than the trace; since then twenty were made, of which nineteen ended within 80 ms. */
    private static Groups outlived(Consumer<Groups> change) {
        return Groups.receiving()
                .members(5, Groups.MemberOf::old)
                .with(g -> g.kin = new Kin(20, 19, 80 * MS, false))
                .with(change);
    }

    @Test
    void thoseMadeSinceEndedAndTheyDidNot() {
        assertThat(rule(outlived(g -> {}))).contains("outlived");
    }

    @Test
    void aLifeThatComparesTellsNothing() {
        assertThat(rule(outlived(g -> g.kin = new Kin(20, 19, 2_000 * MS, false))))
                .contains("few_old");
    }

    @Test
    void moreMustHaveEndedThanAFew() {
        assertThat(rule(outlived(g -> g.kin = new Kin(7, 7, 80 * MS, false)))).contains("few_old");
        assertThat(rule(outlived(g -> g.kin = new Kin(20, 12, 80 * MS, false)))).contains("few_old");
    }

    @Test
    void workersMadeAtBootMayHaveHelpersThatComeAndGo() {
        assertThat(rule(outlived(g -> g.births = new Births(5, 1, 1, 1, 0, 5)))).isEmpty();
    }

    @Test
    void othersAsOldAreServed() {
        assertThat(rule(outlived(g -> g.births = new Births(5, 5, 5, 5, 1, 5)))).isEmpty();
    }

    @Test
    void readersOfSilentPeersNeedMore() {
        Consumer<Groups> reading = g -> {
            g.reason = "network";
            g.place = Samples.stack("internal/poll.(*FD).Read /go/fd.go:1", "main.ask /src/main.go:9");
        };
        Groups few = outlived(reading);
        Groups many = Groups.receiving()
                .members(9, Groups.MemberOf::old)
                .with(reading)
                .with(g -> g.kin = new Kin(40, 40, 80 * MS, false));
        assertThat(rule(few)).isEmpty();
        assertThat(rule(many)).contains("outlived");
    }

    /** Nine older than the trace that a library's function started, as it did forty since, which ended within 5 ms. */
    private static Optional<String> startedByLibrary(Stage stage) {
        return rule(Groups.receiving()
                .members(9, Groups.MemberOf::old)
                .with(g -> g.kin = new Kin(40, 40, 5 * MS, true))
                .with(g -> g.stage = stage));
    }

    @Test
    void whatALibraryStartsIsOfOneKindWhereItWaitsAtOnePlace() {
        assertThat(startedByLibrary(new Stage(40, 8 * MS, 0))).contains("outlived");
        assertThat(startedByLibrary(new Stage(0, 0, 0))).contains("few_old");
        assertThat(startedByLibrary(new Stage(40, 1_000 * MS, 0))).contains("few_old");
    }

    /** Of a pool of ten some have stood for four seconds where the others pass in 8 ms. */
    private static Groups standing(int count, Consumer<Groups> change) {
        return Groups.receiving()
                .members(count, m -> {
                    m.creator = 7;
                    m.creatorGone = false;
                    m.createdNs = 100 * MS;
                    m.sinceNs = 6_000 * MS;
                    m.wokenHere = 1;
                    m.siblingAtWork = true;
                })
                .with(g -> g.created = 10)
                .with(g -> g.stage = new Stage(60, 8 * MS, 10 - count))
                .with(change);
    }

    @Test
    void whoStandsWhereTheOthersPassIsStuckInItsRound() {
        assertThat(rule(standing(3, g -> {}))).contains("stuck_in_round");
    }

    @Test
    void oneMayHaveALongJob() {
        assertThat(LeakRules.judge(standing(1, g -> {}).build()))
                .hasValueSatisfying(v -> assertThat(v.confidence()).isEqualTo(Confidence.POSSIBLE));
    }

    @Test
    void aSenderIsStuckInItsRoundThoughItsSiblingsWork() {
        Groups sending = standing(2, g -> {
            g.reason = "chan send";
            g.place = Groups.sending().place;
        });
        assertThat(rule(sending)).contains("stuck_in_round");
    }

    @Test
    void aPlaceWhereOthersStayForASecondAsWellIsNone() {
        assertThat(rule(standing(3, g -> g.stage = new Stage(60, 1_000 * MS, 7))))
                .isEmpty();
    }

    @Test
    void wherePoolsRestNobodyPasses() {
        assertThat(rule(standing(3, g -> g.stage = new Stage(60, 8 * MS, 0)))).isEmpty();
        assertThat(rule(standing(3, g -> g.stage = new Stage(8, 8 * MS, 7)))).isEmpty();
    }

    @Test
    void oneCreatorLeavesOneBehindAgainAndAgain() {
        Consumer<Groups> byOne = g -> {
            g.created = 25;
            g.ended = 18;
            g.longestLifeNs = 90 * MS;
        };
        Groups five = Groups.receiving().members(5, this::alive).with(byOne);
        Groups four = Groups.receiving().members(4, this::alive).with(byOne);
        assertThat(rule(five)).contains("straggler");
        assertThat(rule(four)).isEmpty();
    }

    @Test
    void whoIsOnAConnectionIsNoStraggler() {
        // Given writers of five clients that stay, among many of clients that came and went
        Groups writers = Groups.receiving()
                .members(5, m -> {
                    alive(m);
                    m.onConnection = true;
                })
                .with(g -> {
                    g.created = 60;
                    g.ended = 55;
                    g.longestLifeNs = 90 * MS;
                });
        assertThat(rule(writers)).isEmpty();
    }

    private void alive(Groups.MemberOf m) {
        m.creator = 7;
        m.creatorGone = false;
    }
}
