package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplainVerbTest {
    @ParameterizedTest
    @EnumSource
    void everyKindHasItsPage(Kind kind) {
        Cli run = Cli.run("explain", kind.id());

        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines().get(0)).startsWith("# " + kind.id() + ":");
        assertThat(run.out()).contains("## How it is decided", "## When it is wrong");
    }

    @Test
    void withoutAKindAllAreListed() {
        Cli run = Cli.run("explain");

        assertThat(run.outLines()).hasSameSizeAs(Kind.values());
        assertThat(run.out()).contains("goroutine_leak: ");
    }

    @Test
    void anUnknownKindIsToldWithTheKnownOnes() {
        Cli run = Cli.run("explain", "memory_leak");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'memory_leak'", "goroutine_leak, ", "data_race");
    }
}
