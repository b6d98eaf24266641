package io.unpark.trace.fuzz;

import java.io.IOException;

/** For Jazzer: the bytes are a trace. */
public final class ReaderFuzzer {
    private ReaderFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Targets.all(input);
    }
}
