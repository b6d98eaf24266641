package io.unpark.streams;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Between the tasks that hold generations and whoever knows that no more input comes. The tasks of this process only: those of
 * others let go when they have waited for long enough.
 */
final class HoldControl {
    private final AtomicLong asked = new AtomicLong();
    private final Set<Task> tasks = ConcurrentHashMap.newKeySet();

    /** One task's side, for its thread; the field is read by others. */
    static final class Task {
        /** Something is held, or was let go of and is not committed yet. */
        private volatile boolean busy;

        private long answered;
        private boolean uncommitted;
    }

    Task register() {
        Task task = new Task();
        task.answered = asked.get();
        tasks.add(task);
        return task;
    }

    void remove(Task task) {
        tasks.remove(task);
    }

    /** Whether the task is asked to let go of what it holds; it must commit then, and call {@link #settle} after that. */
    boolean isAsked(Task task) {
        long now = asked.get();
        boolean isNew = now > task.answered;
        task.answered = now;
        task.uncommitted |= isNew;
        return isNew;
    }

    /** Called when everything is committed that was let go of. */
    void settle(Task task) {
        task.uncommitted = false;
    }

    /** To be called whenever something begins or ends to be held. */
    boolean update(Task task, boolean holding) {
        task.busy = holding || task.uncommitted;
        return task.busy;
    }

    /** Whether anything is held, or let go of and not committed yet. */
    boolean isBusy() {
        return tasks.stream().anyMatch(task -> task.busy);
    }

    /** No more input comes: nothing is to be held any longer. {@link #isBusy} tells when that is done. */
    void ask() {
        asked.incrementAndGet();
    }
}
