package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.GoProgram;
import io.unpark.testkit.GoTool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A snapshot of {@code runtime/trace.FlightRecorder} begins in the middle of things, and Go's reader agrees on it. */
class FlightRecorderTest {
    private static final Path PROGRAM = Path.of("src/test/go/flightrecorder.go");
    private static final int FIRST_WITH_RECORDER = 25;

    @Test
    void aSnapshotAsGo() throws IOException {
        // Given
        Optional<GoTool> go = GoTool.find();
        if (go.isEmpty()) {
            Skipped.now(GoTool.ABSENT);
        }
        int minor = go.get().minor();
        if (minor > 0 && minor < FIRST_WITH_RECORDER) {
            Skipped.now("Go 1." + minor + " has no runtime/trace.FlightRecorder");
        }
        try (GoProgram program = GoProgram.build(go.get(), PROGRAM)) {
            byte[] snapshot = program.stdout(Map.of());

            // When
            Decoded decoded = Decoded.of(snapshot);

            // Then
            assertThat(decoded.failure()).isNull();
            assertThat(decoded.dump()).contains("Undetermined->Waiting", "Type=\"round trip\"", "Category=\"round\"");
            assertThat(decoded.dump()).doesNotContain("TaskBegin", "RegionBegin Type=\"open all the time\"");
            assertThat(SameEvents.difference(go.get().parsedTrace(snapshot).stdout(), decoded.dump()))
                    .isEmpty();
        }
    }
}
