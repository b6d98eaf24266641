package io.unpark.sink.store;

import java.util.Map;

/**
 * How it stands with a receiver's queue; sums are over all sinks of the database and all time.
 *
 * @param pending notices that wait
 * @param oldestMs when the oldest of them was made; 0 when none waits
 * @param nextAttemptMs nothing is sent before
 * @param refreshedMs when all that is open was last sent anew
 * @param failures attempts that failed since the last one that did not
 * @param lastError of those; empty when there are none
 * @param sent notices, and {@code failed} attempts to send some
 * @param dropsUntold dropped since the last delivery
 */
public record NoticeQueueState(
        String receiver,
        long pending,
        long oldestMs,
        long nextAttemptMs,
        long refreshedMs,
        int failures,
        String lastError,
        long sent,
        long failed,
        Map<NoticeDrop, Long> dropped,
        long dropsUntold) {
    public NoticeQueueState {
        dropped = Map.copyOf(dropped);
    }
}
