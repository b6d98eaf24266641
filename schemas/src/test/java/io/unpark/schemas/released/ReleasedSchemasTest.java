package io.unpark.schemas.released;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.unpark.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schemas of this build against those of all releases; docs/adr/0010-replay-and-archive.md says why. */
class ReleasedSchemasTest {
    private static final Path RELEASED = Path.of("released");
    private static final Set<String> READ_BY_OTHERS = Set.of(Topics.ANOMALIES.name());

    @Test
    void theSchemasOfThisBuildGoWithThoseOfAllReleases() throws Exception {
        Map<String, Map<String, Schema>> released = Snapshots.read(RELEASED);
        if (released.isEmpty()) {
            System.out.println("ReleasedSchemasTest: nothing released yet, no schema to be compatible with (no "
                    + RELEASED.toAbsolutePath() + ")");
        }
        assumeFalse(released.isEmpty(), "nothing released yet");

        assertThat(Compatibility.violations(Snapshots.current(), released, READ_BY_OTHERS))
                .isEmpty();
    }

    @Test
    void theSnapshotOfThisBuildGoesWithThisBuild(@TempDir Path folder) throws Exception {
        Path written = Snapshots.write(folder, "0.1", Snapshots.current());

        Map<String, Map<String, Schema>> read = Snapshots.read(folder);

        assertThat(Files.exists(written.resolve(Topics.ANOMALIES.name() + ".avsc")))
                .isTrue();
        assertThat(read).containsOnlyKeys("0.1");
        assertThat(read.get("0.1")).isEqualTo(Snapshots.current());
        assertThat(Compatibility.violations(Snapshots.current(), read, READ_BY_OTHERS))
                .isEmpty();
    }
}
