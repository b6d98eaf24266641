package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.TraceText;
import io.unpark.trace.TraceFormatException.Reason;
import java.io.IOException;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every table that input can fill has an end. */
class LimitsTest {
    private static final TraceLimits TINY = new TraceLimits(1 << 20, 20, 3, 2, 3, 2, 2, 2, 3, 2, 2, 12, 5);
    private static final TraceLimits MANY_GOROUTINES =
            new TraceLimits(1 << 20, 20, 3, 2, 3, 2, 3, 2, 100, 2, 2, 1 << 20, 5);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GoLabel label=\"%d\"                                    | strings in one generation",
                "HeapAlloc heapalloc=1                                   | ",
                "GCMarkAssistBegin stack=f%d@f:1                         | stacks in one generation",
                "GCMarkAssistBegin stack=f@f:1<f@f:2<f@f:3<f@f:4         | distinct frames",
                "GoCreate new_g=1%d                                      | goroutines",
                "ProcStatus p=1%d pstatus=idle                           | procs",
                "GoStatus g=1%d m=1%d gstatus=syscall                    | threads",
                "UserTaskBegin task=%d                                   | open tasks",
                "UserRegionBegin task=0                                  | nested regions",
                "UserTaskBegin task=%d name=\"thirteen-long\"            | bytes of open tasks' and regions' names",
                "UserRegionBegin task=0 name=\"seven-7\"                 | bytes of open tasks' and regions' names",
            })
    void isRefused(String event, String what) throws IOException {
        // Given
        StringBuilder text = new StringBuilder("""
                Trace Go1.26
                Generation 1
                M 1 at 100
                +1 ProcStatus p=0 pstatus=running
                +1 GoStatus g=1 m=1 gstatus=running
                """);
        for (int i = 1; i <= 5; i++) {
            text.append("+1 ").append(event.replace("%d", Integer.toString(i))).append('\n');
        }

        // When
        Decoded decoded = Decoded.of(TraceText.assemble(text.toString()), TINY, ZoneOffset.UTC);

        // Then
        if (what == null) {
            assertThat(decoded.failure()).isNull();
        } else {
            assertThat(decoded.failure().reason()).isEqualTo(Reason.LIMIT);
            assertThat(decoded.failure().getMessage()).contains(what);
        }
    }

    /** A process may have any number of threads in system calls when its trace begins. */
    @Test
    void moreThreadsThanTheFirstTablesHoldAreNoFault() throws IOException {
        // Given two hundred goroutines in system calls, each on a silent M of its own
        StringBuilder text = new StringBuilder("""
                Trace Go1.26
                Generation 1
                M 1 at 100
                """);
        for (int i = 2; i <= 200; i++) {
            text.append("+1 GoStatus g=%d m=%d gstatus=syscall\n".formatted(i, i));
        }

        // When
        Decoded decoded = Decoded.of(TraceText.assemble(text.toString()), TraceLimits.defaults(), ZoneOffset.UTC);

        // Then
        assertThat(decoded.failure()).isNull();
    }

    @Test
    void namesOfWhatHasEndedDoNotCount() throws IOException {
        // Given: at most 12 bytes of names are kept
        StringBuilder text = new StringBuilder("""
                Trace Go1.26
                Generation 1
                M 1 at 100
                +1 ProcStatus p=0 pstatus=running
                """);
        for (int i = 1; i <= 5; i++) {
            text.append("+1 GoStatus g=").append(i).append(" m=1 gstatus=running\n");
            text.append("+1 UserTaskBegin task=7 name=\"ten-chars!\"\n+1 UserTaskEnd task=7\n");
            text.append("+1 UserRegionBegin task=0 name=\"five5\"\n+1 UserRegionEnd task=0 name=\"five5\"\n");
            text.append("+1 UserRegionBegin task=0 name=\"nine-char\"\n+1 GoDestroy\n");
        }

        // When
        Decoded decoded = Decoded.of(TraceText.assemble(text.toString()), TINY, ZoneOffset.UTC);

        // Then
        assertThat(decoded.failure()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"30, batches in one generation", "4, threads"})
    void ofFraming(int batches, String what) throws IOException {
        // Given
        StringBuilder text = new StringBuilder("Trace Go1.26\nGeneration 1\n");
        for (int i = 0; i < batches; i++) {
            text.append("M ").append(batches > 20 ? 1 : i).append(" at 100\n+1 HeapAlloc heapalloc=1\n");
        }

        // When
        Decoded decoded = Decoded.of(TraceText.assemble(text.toString()), TINY, ZoneOffset.UTC);

        // Then
        assertThat(decoded.failure().reason()).isEqualTo(Reason.LIMIT);
        assertThat(decoded.failure().getMessage()).contains(what);
    }

    @ParameterizedTest
    @CsvSource({"1, false", "8, true"})
    void ofStepsOutOfOrder(int waiting, boolean refused) throws IOException {
        // Given: M 1 wakes goroutines last by its clock, M 2 and M 0 wait for that again and again
        StringBuilder text = new StringBuilder("Trace Go1.26\nGeneration 1\n");
        text.append("M 1 at 900\n+1 ProcStatus p=0 pstatus=running\n+1 GoStatus g=1 m=1 gstatus=waiting\n");
        text.append("M 2 at 100\n+1 GoUnblock g=1 g_seq=1\n");
        text.append("M 0 at 200\n");
        for (int i = 0; i < waiting; i++) {
            text.append("+1 GoStatus g=").append(i + 2).append(" m=none gstatus=waiting\n");
        }

        // When
        Decoded decoded = Decoded.of(TraceText.assemble(text.toString()), MANY_GOROUTINES, ZoneOffset.UTC);

        // Then
        if (refused) {
            assertThat(decoded.failure().reason()).isEqualTo(Reason.LIMIT);
            assertThat(decoded.failure().getMessage()).contains("out of order");
        } else {
            assertThat(decoded.failure()).isNull();
        }
    }
}
