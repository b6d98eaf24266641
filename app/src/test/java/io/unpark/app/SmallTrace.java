package io.unpark.app;

import io.unpark.testkit.TraceText;

/** Traces of a few hundred bytes. */
final class SmallTrace {
    private SmallTrace() {}

    /** Two generations of Go 1.26 in which one goroutine works and waits. */
    static byte[] healthy() {
        return TraceText.assemble(generations());
    }

    private static String generations() {
        StringBuilder text = new StringBuilder("Trace Go1.26\n");
        for (int generation = 1; generation <= 2; generation++) {
            text.append("Generation ")
                    .append(generation)
                    .append(" freq=1000000000 mono=")
                    .append(generation * 1000);
            text.append(" sec=1700000000 nsec=").append(generation * 1000).append('\n');
            text.append("M 7 at ").append(generation * 1000).append('\n');
            text.append("+1 ProcStatus p=0 pstatus=running\n");
            text.append("+1 GoStatus g=1 m=7 gstatus=running\n");
            text.append(
                    "+5 GoBlock reason=\"chan receive\" stack=main.work@/src/main.go:12<main.main@/src/main.go:5\n");
            text.append("+5 GoUnblock g=1 g_seq=1\n");
            text.append("+5 GoStart g=1 g_seq=2\n");
        }
        return text.toString();
    }
}
