package io.unpark.trace;

/** When and where an event happened. One object, overwritten for each event. */
public interface EventContext {
    /** "No goroutine", "no P" or "no M": the runtime's -1. */
    long NONE = -1;

    /** Nanoseconds on the trace's own clock; comparable over the generations of one process. */
    long timeNs();

    /** The M (thread id), or {@link #NONE}. */
    long m();

    /** The P, or {@link #NONE}. */
    long p();

    /** The goroutine, or {@link #NONE}. */
    long g();

    /** Stack id of the running goroutine at this event, 0 when it has none. */
    int stack();
}
