package io.unpark.ingest.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.testkit.GoTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Go modules' own tests are part of the build wherever there is a Go toolchain. */
class GoModulesTest {
    private static final Duration LIMIT = Duration.ofMinutes(6);

    @ParameterizedTest
    @ValueSource(strings = {"ingest/agent", "infra/demo"})
    void vetAndTestsPass(String module) throws IOException {
        // Given a Go toolchain and the module's folder
        Optional<GoTool> go = GoTool.find();
        if (go.isEmpty()) {
            System.out.println("SKIPPED: the tests of " + module + ": " + GoTool.ABSENT);
        }
        assumeTrue(go.isPresent(), GoTool.ABSENT);
        Path folder = folder(module);

        // When its tests run
        GoTool.Result vet = go.orElseThrow().run(folder, LIMIT, "vet", "./...");
        GoTool.Result test = go.orElseThrow().run(folder, LIMIT, "test", "./...");

        // Then they pass
        assertThat(vet.exit()).as("%s%s", vet.stdout(), vet.stderr()).isZero();
        assertThat(test.exit()).as("%s%s", test.stdout(), test.stderr()).isZero();
        System.out.println(test.stdout());
    }

    /** These need modules from outside, which are in the cache, or on a proxy that can be reached, or not at all. */
    @ParameterizedTest
    @ValueSource(strings = {"ingest/agent/otel", "ingest/agent/grpc", "ingest/agent/kafka", "benchmarks/agent"})
    void vetAndTestsOfModulesWithDependenciesPass(String module) throws IOException {
        // Given a Go toolchain that is new enough, and the modules they need
        Optional<GoTool> go = GoTool.find();
        String missing = go.isEmpty() ? GoTool.ABSENT : undownloadable(go.get(), folder(module));
        if (!missing.isEmpty()) {
            System.out.println("SKIPPED: the tests of " + module + ": " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);

        // When its tests run, then they pass
        vetAndTestsPass(module);
    }

    private static String undownloadable(GoTool go, Path folder) throws IOException {
        GoTool.Result download = go.run(folder, LIMIT, "mod", "download");
        return download.exit() == 0
                ? ""
                : "go mod download: " + download.stderr().strip();
    }

    private static Path folder(String module) {
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            Path folder = dir.resolve(module);
            if (Files.exists(folder.resolve("go.mod"))) {
                return folder;
            }
        }
        throw new AssertionError(module + "/go.mod is in no folder above this one");
    }
}
