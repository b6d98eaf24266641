package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.app.demo.Recordings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The soak in small: infra/soak/soak.sh is the long one. */
class KillsTest {
    private static final int KILLS = 3;
    private static final long SEED = 7;

    @Test
    void topologiesThatAreKilledAgainAndAgainGiveWhatAnalyzeGives(@TempDir Path folder) throws Exception {
        // Given recordings of two scenarios
        Recordings recordings = Feed.demo("leak", "race");

        // When the process is killed at random moments
        SoakScenarios.Result result = SoakScenarios.streamKilled(folder, recordings, KILLS, SEED, kill -> {});

        // Then nothing in the end tells of it
        assertThat(result.kills()).hasSize(KILLS);
        assertThat(Documents.comparable(result.anomalies()))
                .isNotEmpty()
                .isEqualTo(Documents.comparable(DemoManifest.analyzed(recordings)));
    }

    @Test
    void pushesToACollectorThatIsKilledAreNeitherLostNorDoubled(@TempDir Path folder) throws Exception {
        // Given traces of one scenario
        Recordings recordings = SoakScenarios.withoutRaces(Feed.demo("leak"));

        // When the collector is killed in between, and what got no answer is pushed again
        SoakScenarios.Result result = SoakScenarios.collectKilled(folder, recordings, 1, SEED, kill -> {});

        // Then nothing in the end tells of it
        assertThat(Documents.comparable(result.anomalies()))
                .isNotEmpty()
                .isEqualTo(Documents.comparable(DemoManifest.analyzed(recordings)));
    }
}
