package io.unpark.sink.store;

import java.util.List;

/** Notices that wait to be sent, a queue for each receiver. All throw {@link StoreException}. */
public interface NoticeQueue {
    /** Makes the queues that are not there yet. */
    void register(List<String> receivers);

    /** Of all receivers there ever were, by name. */
    List<NoticeQueueState> states();

    NoticeQueueState state(String receiver);

    /**
     * Makes {@code owner} the only one who sends to this receiver until then, or goes on with it; false when somebody else is.
     *
     * @param untilMs milliseconds since 1970 UTC, as {@code nowMs}
     */
    boolean lease(String receiver, String owner, long nowMs, long untilMs);

    /** Ends a lease, if it is the owner's. */
    void release(String receiver, String owner);

    /** The oldest, at most so many. */
    List<Notice> oldest(String receiver, int limit);

    /** All of a batch, oldest first. */
    List<Notice> batch(String receiver, String batch);

    /** Puts notices into one batch. */
    void assign(String batch, List<Notice> notices);

    /** They arrived, and with them the news that so many were dropped. */
    void sent(String receiver, List<Notice> notices, long dropsTold);

    /** An attempt failed; {@code nextAttemptMs} is when to try again. */
    void failed(String receiver, List<Notice> notices, String error, long nextAttemptMs);

    /** Lets notices go. */
    void drop(String receiver, List<Notice> notices, NoticeDrop reason);

    /** Lets go what is older, of all receivers. */
    int dropOlder(long createdBeforeMs);

    /**
     * What a receiver was told is open, as if it opened just now: some after an anomaly's id, in its order.
     *
     * @param afterAnomalyId empty for the first ones
     */
    List<Notice> open(String receiver, String afterAnomalyId, int limit);

    /** All that is open was sent anew. */
    void refreshed(String receiver, long nowMs);
}
