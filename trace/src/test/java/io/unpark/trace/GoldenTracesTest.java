package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.GoTool;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each golden gives exactly its events; and Go's own reader, where installed, agrees. */
class GoldenTracesTest {
    private static final Pattern REFUSAL = Pattern.compile("(\\w+) \"(.*)\"");

    @TestFactory
    Stream<DynamicTest> goldens() throws IOException {
        return Golden.all().stream().map(golden -> DynamicTest.dynamicTest(golden.title(), () -> check(golden)));
    }

    private static void check(Golden golden) throws IOException {
        // When
        Decoded decoded = Decoded.of(golden.trace(), TraceLimits.defaults(), ZoneOffset.UTC);

        // Then
        assertThat(decoded.dump()).isEqualTo(golden.events());
        var refusal = REFUSAL.matcher(golden.expect());
        if (refusal.matches()) {
            assertThat(decoded.failure().reason()).hasToString(refusal.group(1));
            assertThat(decoded.failure().getMessage()).containsPattern(refusal.group(2));
            assertThat(decoded.failure().offset()).isBetween(0L, (long) golden.trace().length);
        } else {
            assertThat(golden.expect()).isEqualTo("SUCCESS");
            assertThat(decoded.failure()).isNull();
        }
    }

    @TestFactory
    Stream<DynamicTest> asGo() throws IOException {
        Optional<GoTool> go = GoTool.find();
        if (go.isEmpty()) {
            return Skipped.because(GoTool.ABSENT);
        }
        return Golden.all().stream()
                .map(golden -> DynamicTest.dynamicTest(golden.title(), () -> checkAsGo(go.get(), golden)));
    }

    private static void checkAsGo(GoTool go, Golden golden) throws IOException {
        // When
        Decoded decoded = Decoded.of(golden.trace());
        GoTool.Result expected = go.parsedTrace(golden.trace());

        // Then
        assertThat(expected.exit() == 0).isEqualTo(decoded.failure() == null);
        if (decoded.failure() == null) {
            assertThat(decoded.dump()).isEqualTo(expected.stdout());
        } else {
            // Go's reader looks one event ahead, so a broken one hides the one before it.
            assertThat(decoded.dump()).startsWith(expected.stdout());
        }
    }
}
