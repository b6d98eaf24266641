package io.unpark.analysis.race;

import static io.unpark.analysis.Samples.stack;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.incident.IncidentFold;
import io.unpark.analysis.incident.IncidentState;
import io.unpark.analysis.incident.MemoryStore;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.RaceReport;
import io.unpark.analysis.model.RaceReport.Access;
import io.unpark.analysis.model.RaceReport.Origin;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RaceJudgeTest {
    private static final String GO = "/usr/local/go/src/";
    private static final Access READ =
            access("read", 8, "main.total() /src/app/main.go:179", "main.main() /src/app/main.go:250");
    private static final Access WRITE = access("write", 9, "main.add.func1() /src/app/main.go:177");
    private static final Access MAP_WRITE = access(
            "write",
            9,
            "runtime.mapassign_faststr() " + GO + "internal/runtime/maps/runtime_faststr_swiss.go:263",
            "example.com/cache.(*Cache).Put() /pkg/mod/cache@v1.0.0/cache.go:20",
            "main.serve() /src/app/main.go:30");

    @Test
    void namesBothLinesAndTheWritersLine() {
        Finding finding = judge(report("1", READ, WRITE));

        assertThat(finding.evidence().values())
                .containsEntry("sites", List.of("/src/app/main.go:177", "/src/app/main.go:179"))
                .containsEntry("functions", List.of("main.add.func1", "main.total"))
                .containsEntry("operations", List.of("write", "read"))
                .containsEntry("goroutines", List.of("goroutine 9 (finished)", "goroutine 8"))
                .containsEntry("object", "variable")
                .containsEntry("created_1", List.of("main.main() /src/app/main.go:240"))
                .doesNotContainKey("created_2");
        assertThat(finding.place().site()).isEqualTo("main.add.func1");
        assertThat(finding.place().line()).isEqualTo(177);
        assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
        assertThat(finding.subject()).isEqualTo("1");
        assertThat(finding.summary())
                .isEqualTo(
                        "Data race: write in main.add.func1 /src/app/main.go:177 by goroutine 9 (finished), and read in"
                                + " main.total /src/app/main.go:179 by goroutine 8, without synchronisation.");
        assertThat(finding.advice().fix()).contains("RWMutex");
    }

    @Test
    void aWriteWithoutALineOfTheUsersGivesWayToTheOtherSide() {
        // Given: go atomic.AddInt64(&n, 1)
        Access atomicWrite = access("write", 9, "sync/atomic.AddInt64() " + GO + "runtime/race_amd64.s:289");

        Finding finding = judge(report("1", READ, atomicWrite));

        assertThat(finding.place().site()).isEqualTo("main.total");
    }

    @Test
    void whenNoSideHasALineOfTheUsersItIsWhereTheGoroutineWasStarted() {
        Access atomicWrite = access("write", 9, "sync/atomic.AddInt64() " + GO + "runtime/race_amd64.s:289");
        Access atomicRead = access("read", 8, "sync/atomic.LoadInt64() " + GO + "runtime/race_amd64.s:207");

        Finding finding = judge(report("1", atomicRead, atomicWrite));

        assertThat(finding.place().line()).isEqualTo(240);
    }

    @Test
    void theOrderOfTheAccessesDoesNotMatter() {
        Finding one = judge(report("1", READ, WRITE));
        Finding other = judge(report("1", WRITE, READ));

        assertThat(other).isEqualTo(one);
    }

    @Test
    void twoReportsOfOneRaceCountTwoAndOneSentTwiceCountsOnce() {
        MemoryStore store = new MemoryStore();
        IncidentState state = IncidentFold.apply(null, judge(report("1", READ, WRITE)), store);
        state = IncidentFold.apply(state, judge(report("2", WRITE, READ)), store);
        state = IncidentFold.apply(state, judge(report("2", WRITE, READ)), store);

        assertThat(state.anomaly().orElseThrow().count()).isEqualTo(2);
    }

    @Test
    void theFolderOfTheBuildDoesNotNameTheAnomalyButTheLineAndThePackageDo() {
        String here = judge(report("1", READ, WRITE)).anomalyId();

        assertThat(judge(report("2", read("/home/ci/app/main.go:179"), write("/home/ci/app/main.go:177")))
                        .anomalyId())
                .isEqualTo(here);
        assertThat(judge(report("3", read("/src/app/main.go:179"), write("/src/app/main.go:178")))
                        .anomalyId())
                .isNotEqualTo(here);
        Access elsewhere = access("write", 9, "example.com/a.add() /src/app/main.go:177");
        assertThat(judge(report("4", READ, elsewhere)).anomalyId()).isNotEqualTo(here);
    }

    @Test
    void aMapIsSeenThroughTheRuntimesFramesAndTheSitesAreOutsideThem() {
        Finding finding = judge(report("1", MAP_WRITE, READ));

        assertThat(finding.evidence().values())
                .containsEntry("object", "map")
                .containsEntry("sites", List.of("/pkg/mod/cache@v1.0.0/cache.go:20", "/src/app/main.go:179"));
        assertThat(finding.place().site()).isEqualTo("main.serve");
        assertThat(finding.advice().fix()).contains("sync.Map");
    }

    @Test
    void aRuntimeFrameFurtherOutSaysNothingAboutTheObject() {
        Access write = access("write", 9, "main.less() /src/app/main.go:5", "maps.Keys() " + GO + "maps/iter.go:7");

        assertThat(judge(report("1", write, READ)).evidence().values()).containsEntry("object", "variable");
    }

    @Test
    void aChannelClosedWhileSentToGetsItsOwnAdvice() {
        Access close = access(
                "write", 9, "runtime.closechan() " + GO + "runtime/chan.go:414", "main.stop() /src/app/main.go:9");
        Access send =
                access("read", 8, "runtime.chansend() " + GO + "runtime/chan.go:200", "main.send() /src/app/main.go:7");

        Finding finding = judge(report("1", close, send));

        assertThat(finding.evidence().values()).containsEntry("object", "channel");
        assertThat(finding.advice().fix()).contains("only the sender close");
    }

    @Test
    void oneAtomicAndOnePlainAccessGetTheirOwnAdvice() {
        Access atomic = new Access(
                "write", true, "0x1", 9, false, stack("sync/atomic.AddInt64() " + GO + "runtime/race_amd64.s:289"));

        Finding finding = judge(report("1", atomic, READ));

        assertThat(finding.evidence().values())
                .containsEntry("operations", List.of("read", "atomic write"))
                .containsEntry("sites", List.of("/src/app/main.go:179", GO + "runtime/race_amd64.s:289"));
        assertThat(finding.advice().fix()).contains("sync/atomic for both");
        assertThat(judge(report("2", WRITE, WRITE)).advice().fix()).startsWith("Both goroutines write");
    }

    @Test
    void aStackThatCouldNotBeRestoredIsSaid() {
        Access lost = new Access("write", false, "0x1", 9, false, Stack.EMPTY);

        Finding finding = judge(report("1", READ, lost));

        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(finding.evidence().values())
                .containsEntry("sites", List.of("/src/app/main.go:179", "?:0"))
                .containsEntry("stack_2_missing", "failed to restore the stack");
        assertThat(finding.place().line()).isEqualTo(179);
    }

    @Test
    void reportsWithMoreOrFewerAccessesAreStillOneFindingAndSayso() {
        Finding none = judge(report("1"));
        Finding one = judge(report("1", READ));
        Finding three = judge(report("1", READ, WRITE, MAP_WRITE));

        assertThat(List.of(none, one, three)).allSatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.confidence()).isEqualTo(Confidence.LIKELY);
            assertThat(finding.evidence().values()).containsKey("accesses_in_report");
        });
        assertThat(none.place().site()).isEmpty();
        assertThat(one.summary()).contains("does not name the other access");
        assertThat(three.evidence().values())
                .containsEntry("sites", List.of("/src/app/main.go:177", "/src/app/main.go:179"));
    }

    private static Finding judge(RaceReport report) {
        return RaceJudge.judge(report, UserCode.standard(), "cfg");
    }

    private static RaceReport report(String id, Access... accesses) {
        List<Origin> origins = List.of(new Origin(9, true, stack("main.main() /src/app/main.go:240")));
        return new RaceReport(
                id, Samples.instance("orders-1"), "races.log", 5, List.of(accesses), origins, Ids.hash(id));
    }

    private static Access read(String place) {
        return access("read", 8, "main.total() " + place);
    }

    private static Access write(String place) {
        return access("write", 9, "main.add.func1() " + place);
    }

    private static Access access(String operation, long goroutine, String... frames) {
        return new Access(operation, false, "0xc000", goroutine, false, stack(frames));
    }
}
