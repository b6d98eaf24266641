package io.unpark.ingest;

import io.unpark.testkit.TraceText;
import java.util.Arrays;

/** Traces of a few hundred bytes. */
final class SmallTraces {
    private SmallTraces() {}

    /** A whole trace of Go 1.26 with generations 1 to {@code count}. */
    static byte[] generations(int count) {
        StringBuilder text = new StringBuilder("Trace Go1.26\n");
        for (int i = 1; i <= count; i++) {
            text.append("Generation ")
                    .append(i)
                    .append(" freq=1000000000\nM 7 at ")
                    .append(100 * i)
                    .append('\n');
            text.append("+1 ProcStatus p=0 pstatus=running\n+1 GoStatus g=1 m=7 gstatus=running\n");
            text.append("+5 GoBlock reason=\"chan receive\" stack=main.work@/src/main.go:12\n");
        }
        return TraceText.assemble(text.toString());
    }

    /** All but the last so many bytes. */
    static byte[] cut(byte[] trace, int missingBytes) {
        return Arrays.copyOf(trace, trace.length - missingBytes);
    }

    static byte[] flipped(byte[] trace, int offset) {
        byte[] copy = trace.clone();
        copy[offset] ^= 0x40;
        return copy;
    }
}
