package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.allinone.AllInOne;
import io.unpark.app.allinone.PortChoice;
import io.unpark.app.console.Progress;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Replay;
import io.unpark.app.process.DataFolder;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped recordings through the real broker, the topologies and the database; then a restart on the same data; then all
 * recordings once more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelineTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Recordings recordings;
    private Map<String, JsonNode> first;
    private Map<String, JsonNode> restarted;
    private Map<String, JsonNode> sentAgain;
    private Cli listed;
    private Cli listedLeaks;
    private Cli mistyped;

    @BeforeAll
    void run(@TempDir Path folder) throws Exception {
        recordings = Recordings.load(DemoManifest.folder());
        try (AllInOne all = start(folder)) {
            send(all);
            first = Documents.byId(all.anomalies(true));
        }
        try (AllInOne all = start(folder)) {
            restarted = Documents.byId(all.anomalies(true));
            listed = Cli.run("anomalies", "--url", all.url(), "--format", "jsonl", "--all");
            listedLeaks = Cli.run("anomalies", "--url", all.url() + "/", "--kind", "goroutine_leak");
            mistyped = Cli.run("anomalies", "--url", all.url(), "--kind", "gorutine_leak");
            send(all);
            sentAgain = Documents.byId(all.anomalies(true));
        }
    }

    private static AllInOne start(Path folder) {
        return AllInOne.start(
                DataFolder.kept(folder), PortChoice.web(0), AnalysisConfig.DEFAULTS, Clock.systemUTC(), stage -> {});
    }

    private void send(AllInOne all) throws Exception {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        new Replay(all.producer(), new Progress(nowhere, false, 0, System::nanoTime)).run(recordings);
        assertThat(all.awaitProcessed(LIMIT)).as("processed within %s", LIMIT).isTrue();
        assertThat(all.streamsStatus().deadLetters()).as("refused records").isZero();
    }

    @TestFactory
    Stream<DynamicTest> everyPlantedFaultIsFoundOnItsLine() {
        return DemoManifest.load().planted().stream()
                .map(fault -> DynamicTest.dynamicTest(
                        fault.toString(),
                        () -> assertThat(first.values())
                                .as(fault + " among " + Documents.places(first))
                                .anyMatch(fault::isFoundBy)));
    }

    @Test
    void nothingIsFoundInTheHealthyRecordings() {
        assertThat(first.values())
                .filteredOn(
                        anomaly -> Documents.instances(anomaly).stream().anyMatch(name -> name.endsWith("-healthy")))
                .isEmpty();
    }

    @Test
    void analyzeGivesTheSame() {
        Map<String, JsonNode> inProcess = DemoManifest.analyzed(recordings);

        assertThat(Documents.comparable(inProcess)).isEqualTo(Documents.comparable(first));
    }

    @Test
    void aRestartKeepsEverything() {
        assertThat(Documents.comparable(restarted)).isEqualTo(Documents.comparable(first));
    }

    @Test
    void theTerminalShowsWhatTheApiHas() {
        assertThat(listed.exitCode()).isZero();
        assertThat(listed.outLines()).hasSameSizeAs(restarted.keySet());
        assertThat(listedLeaks.exitCode()).isZero();
        assertThat(listedLeaks.outLines())
                .anyMatch(line -> line.contains("goroutine_leak"))
                .noneMatch(line -> line.contains("data_race"));
        assertThat(mistyped.exitCode()).isEqualTo(2);
        assertThat(mistyped.err()).contains("gorutine_leak", "goroutine_leak");
    }

    @Test
    void whatIsSentAgainCountsOnce() {
        assertThat(Documents.comparable(sentAgain)).isEqualTo(Documents.comparable(first));
    }

    @Test
    void documentsHaveTheContractsFields() {
        List<String> always = List.of(
                "id",
                "kind",
                "service",
                "instance",
                "site",
                "file",
                "line",
                "severity",
                "confidence",
                "count",
                "first_seen",
                "last_seen",
                "summary",
                "evidence",
                "cause",
                "advice");
        assertThat(first.values())
                .isNotEmpty()
                .allSatisfy(
                        anomaly -> assertThat(anomaly.fieldNames()).toIterable().containsAll(always));
    }
}
