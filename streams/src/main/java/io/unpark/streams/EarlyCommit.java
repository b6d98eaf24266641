package io.unpark.streams;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Asks for a commit as soon as something is found that nobody knew of: the next stage sees it at once, and not at the end of the interval,
 * of which all stages of a thread have the same. Seldom enough that a flood of news does not double what commits cost. When something
 * is committed decides about no result. One for each stage of a process, for any thread.
 */
final class EarlyCommit {
    /** Wall time, as this is about those who wait. */
    private static final long EVERY_MS = 500;

    private final AtomicLong lastMs = new AtomicLong();

    /** Commits after the record that is being processed, unless that was done lately. */
    void ask(ProcessorContext<?, ?> context) {
        long nowMs = context.currentSystemTimeMs();
        long beforeMs = lastMs.get();
        boolean due = nowMs - beforeMs >= EVERY_MS || nowMs < beforeMs; // a clock may be set back
        if (due && lastMs.compareAndSet(beforeMs, nowMs)) {
            context.commit();
        }
    }
}
