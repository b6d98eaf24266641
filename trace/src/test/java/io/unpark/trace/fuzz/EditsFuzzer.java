package io.unpark.trace.fuzz;

import java.io.IOException;
import java.util.List;

/** For Jazzer: the bytes choose a seed and say what to change in it. */
public final class EditsFuzzer {
    private static final List<byte[]> SEEDS = load();

    private EditsFuzzer() {}

    private static List<byte[]> load() {
        try {
            return Seeds.all();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] script) throws IOException {
        Targets.all(Edits.apply(SEEDS, Choices.of(script)));
    }
}
