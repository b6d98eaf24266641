package io.unpark.ingest;

import java.io.IOException;

/** For Jazzer: the bytes are a log. {@code mvn -pl ingest -am verify -Pfuzz-races} runs it. */
public final class RaceLogFuzzer {
    private RaceLogFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        RaceLogPromises.hold(input);
    }
}
