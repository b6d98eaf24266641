package io.unpark.sink.store;

import java.util.Arrays;
import java.util.List;

/** How long the windows are that are kept: as they came, about a second each, or rolled up. */
public enum WindowStep {
    RAW("raw", 0),
    MINUTE("1m", 60),
    HOUR("1h", 3_600);

    private static final long NS_PER_S = 1_000_000_000L;

    private final String text;
    private final int seconds;

    WindowStep(String text, int seconds) {
        this.text = text;
        this.seconds = seconds;
    }

    /** As in the API. */
    public String text() {
        return text;
    }

    /** Those that {@link #of} knows. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(WindowStep::text).toList();
    }

    /** Throws {@link IllegalArgumentException} for a text that is none of {@link #texts}. */
    public static WindowStep of(String text) {
        return Arrays.stream(values())
                .filter(step -> step.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no step is called " + text));
    }

    /** Length in seconds; 0 for {@link #RAW}. */
    public int seconds() {
        return seconds;
    }

    public long lengthNs() {
        return seconds * NS_PER_S;
    }

    /** Where the span begins that this time falls into, as the migration's SQL has it. */
    public long startNs(long timeNs) {
        return timeNs - timeNs % lengthNs();
    }
}
