package io.unpark.streams;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Sees to it that nothing is held for ever: when an instance's generations have waited for long enough, or when the end of all
 * input was told, they go on without what they wait for. Both are by the wall clock, as nothing in the records tells that no
 * other will come; so nothing runs here while chunks come in their order.
 */
final class HeldInput implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** How coarse the time of the last arrival is. */
    static final long BUCKET_MS = 1_000;

    private final ProcessorContext<String, byte[]> context;
    private final ArrivalIndex holding;
    private final StreamsLimits limits;
    private final HoldControl control;
    private final HoldControl.Task task;
    private final Consumer<String> flush;
    private Cancellable looking;
    private boolean committing;

    /**
     * @param holding instances of which something is held
     * @param flush lets go of all that is held of an instance, and tells {@link #released}
     */
    HeldInput(
            ProcessorContext<String, byte[]> context,
            ArrivalIndex holding,
            StreamsLimits limits,
            HoldControl control,
            Consumer<String> flush) {
        this.context = context;
        this.holding = holding;
        this.limits = limits;
        this.control = control;
        this.flush = flush;
        this.task = control.register();
        update();
    }

    /** Something more of the instance is held. */
    void held(String key) {
        holding.touch(key, context.currentSystemTimeMs());
        update();
    }

    /** Nothing of the instance is held. */
    void released(String key) {
        holding.remove(key);
        update();
    }

    private void update() {
        boolean busy = control.update(task, holding.size() > 0);
        if (busy && looking == null) {
            looking = context.schedule(LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, this::look);
        }
    }

    private void look(long nowMs) {
        if (control.isAsked(task)) {
            flush(holding.oldest(Integer.MAX_VALUE));
            committing = true;
            context.commit();
        } else {
            if (committing) { // the commit that was asked for lies between two of these calls
                committing = false;
                control.settle(task);
            }
            flush(holding.silentSince(nowMs - limits.reorderWait().toMillis(), limits.maxEvictionsPerRun()));
        }
        if (!control.update(task, holding.size() > 0) && looking != null) {
            looking.cancel();
            looking = null;
        }
    }

    private void flush(List<String> keys) {
        keys.forEach(flush);
    }

    @Override
    public void close() {
        control.remove(task);
    }
}
