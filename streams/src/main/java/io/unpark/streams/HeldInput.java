package io.unpark.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Sees to it that nothing is held for ever: when an instance's generations have waited for long enough, or when the end of all
 * input was told, they go on without what they wait for. By the wall clock, as nothing in the records tells that no other will
 * come; but only while it is looked at, since a chunk may lie on the topic while nobody reads it: not while the process is
 * down, its tasks move, or its thread is stuck. Nothing runs here while chunks come in their order.
 */
final class HeldInput implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** Of the time between two looks, what counts: a longer one is no waiting. */
    private static final long MAX_STEP_MS = 1_000;

    private final ProcessorContext<String, byte[]> context;
    private final ArrivalIndex holding;
    private final StreamsLimits limits;
    private final HoldControl control;
    private final HoldControl.Task task;
    private final Consumer<String> flush;

    /** Instances that hold something, and the time looked at when it became more. */
    private final Map<String, Long> since = new HashMap<>();

    private Cancellable looking;
    private boolean committing;
    private long lastLookMs;
    private long lookedMs;

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
        holding.oldest(Integer.MAX_VALUE).forEach(key -> since.put(key, 0L));
        update();
    }

    /** Something more of the instance is held. */
    void held(String key) {
        since.put(key, lookedMs);
        if (!holding.knows(key)) {
            holding.touch(key, context.currentSystemTimeMs());
            update();
        }
    }

    /** Nothing of the instance is held. */
    void released(String key) {
        if (since.remove(key) != null) { // hardly ever: no write for those whose chunks come in order
            holding.remove(key);
            update();
        }
    }

    private void update() {
        boolean busy = control.update(task, !since.isEmpty());
        if (busy && looking == null) {
            lastLookMs = context.currentSystemTimeMs();
            looking = context.schedule(LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, this::look);
        }
    }

    private void look(long nowMs) {
        lookedMs += Math.max(0, Math.min(nowMs - lastLookMs, MAX_STEP_MS));
        lastLookMs = nowMs;
        if (control.isAsked(task)) {
            flush(Long.MAX_VALUE);
            committing = true;
            context.commit();
        } else {
            if (committing) { // the commit that was asked for lies between two of these calls
                committing = false;
                control.settle(task);
            }
            flush(lookedMs - limits.reorderWait().toMillis());
        }
        if (!control.update(task, !since.isEmpty()) && looking != null) {
            looking.cancel();
            looking = null;
        }
    }

    private void flush(long untilLookedMs) {
        List<String> due = new ArrayList<>();
        since.forEach((key, heldMs) -> {
            if (heldMs <= untilLookedMs) {
                due.add(key);
            }
        });
        due.forEach(flush);
    }

    @Override
    public void close() {
        control.remove(task);
    }
}
