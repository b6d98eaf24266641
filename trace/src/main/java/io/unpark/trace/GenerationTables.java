package io.unpark.trace;

/** The strings, stacks and clock of one generation. Ids hold for this generation only; 0 is "none" everywhere. */
public interface GenerationTables {
    /** The runtime's generation number, from 1. */
    long generation();

    /** Minor version of the trace format's Go: 22, 23, 25 or 26. */
    int goMinor();

    /** The string of an id, "" for 0. Bytes that are not UTF-8 become U+FFFD; see {@link #bytes}. */
    String string(int id);

    /** The string's own bytes (a fresh copy): Datadog logs 8 raw bytes. */
    byte[] bytes(int id);

    /** Number of frames of a stack; 0 for stack 0. Frame 0 is the innermost. */
    int frameCount(int stack);

    /** Fully qualified function name, as {@code net/http.(*conn).serve}. */
    String function(int stack, int frame);

    String file(int stack, int frame);

    int line(int stack, int frame);

    /** Program counter: with {@link #frameCount} a cheap identity of a frame within one process. */
    long pc(int stack, int frame);

    /** Trace clock to wall clock for this generation; null when the format has none (before Go 1.25). */
    ClockSnapshot clock();
}
