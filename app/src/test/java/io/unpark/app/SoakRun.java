package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.app.demo.Recordings;
import java.nio.file.Path;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes many minutes, so its name keeps it out of the build: infra/soak/soak.sh runs it. Prints a table of the kills, and fails
 * when the anomalies differ from those of {@code analyze} or of an undisturbed run.
 */
class SoakRun {
    private static final int KILLS = Integer.getInteger("unpark.soak.kills", 30);
    private static final long SEED = Long.getLong("unpark.soak.seed", 1);
    private static final List<String> VICTIMS =
            List.of(System.getProperty("unpark.soak.victims", "undisturbed,stream,collect,up,broker")
                    .split(","));

    /** One of the ways. */
    private interface Scenario {
        SoakScenarios.Result run(Path folder, Recordings recordings, int kills, long seed, Consumer<Soak.Kill> told)
                throws Exception;
    }

    @Test
    void whoeverIsKilledTheAnomaliesAreTheSame(@TempDir Path folder) throws Exception {
        Recordings recordings = Feed.everything();
        Map<String, Scenario> scenarios = Map.of(
                "undisturbed",
                        (where, what, kills, seed, told) -> SoakScenarios.streamKilled(where, what, 0, seed, told),
                "stream", SoakScenarios::streamKilled,
                "collect", SoakScenarios::collectKilled,
                "up", SoakScenarios::upKilled,
                "broker", SoakScenarios::brokerKilled,
                "disk",
                        (where, what, kills, seed, told) -> SoakScenarios.diskFilled(
                                where, Path.of(System.getProperty("unpark.soak.small")), what, kills, seed, told));
        for (String victim : VICTIMS) {
            System.out.println();
            System.out.println(victim + ", seed " + SEED);
            System.out.println("kill  ready in  killed");
            long beganNs = System.nanoTime();
            SoakScenarios.Result result =
                    scenarios.get(victim).run(folder.resolve(victim), recordings, KILLS, SEED, System.out::println);
            Map<String, String> expected = analyzed(
                    List.of("up", "collect").contains(victim) ? SoakScenarios.withoutRaces(recordings) : recordings);
            print(victim, result, expected, (System.nanoTime() - beganNs) / 1_000_000_000);
            assertThat(Documents.comparable(result.anomalies())).as(victim).isEqualTo(expected);
        }
    }

    private static Map<String, String> analyzed(Recordings recordings) {
        return Documents.comparable(DemoManifest.analyzed(recordings));
    }

    private static void print(String victim, SoakScenarios.Result result, Map<String, String> expected, long seconds) {
        System.out.println(victim + ": " + result.kills().size() + " kills in " + seconds + " s");
        LongSummaryStatistics ready = result.kills().stream()
                .mapToLong(Soak.Kill::readyMs)
                .filter(ms -> ms >= 0)
                .summaryStatistics();
        if (ready.getCount() > 0) {
            System.out.println("ready again after " + ready.getMin() + " to " + ready.getMax() + " ms, on average "
                    + Math.round(ready.getAverage()) + " ms");
        }
        System.out.println("all was processed " + result.lastCatchUpMs() + " ms after the last of it was sent");
        System.out.println(compared(Documents.comparable(result.anomalies()), expected));
    }

    private static String compared(Map<String, String> found, Map<String, String> expected) {
        return found.size() + " anomalies, " + (found.equals(expected) ? "EQUAL to" : "DIFFERENT from") + " analyze";
    }
}
