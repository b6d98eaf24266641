package io.unpark.sink.notify;

import io.micrometer.core.instrument.MeterRegistry;
import io.unpark.sink.store.NoticeQueue;
import io.unpark.sink.store.NoticeQueueState;
import io.unpark.sink.store.NoticeRules;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.jdbc.JdbcStorage;
import io.unpark.sink.store.jdbc.NoticeSweep;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices from the database to their receivers: a thread for each receiver, so that none waits for another, and one that looks for changes. */
public final class Notifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final long SWEEP_EVERY_MS = 5_000;
    private static final long FAILED_MS = 5_000;
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final NotifyConfig config;
    private final NoticeQueue queue;
    private final NoticeSweep sweep;
    private final InputDone input;
    private final Clock clock;
    private final List<Courier> couriers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Whether the database has caught up. */
    public interface InputDone {
        /**
         * The rule as of the last moment up to which all input is known to be in the database; nothing while that cannot be told.
         * Silence of a service that is read with delay would look like its end.
         */
        Optional<StateRule> settled();
    }

    private interface Step {
        /** Milliseconds to wait. */
        long run() throws InterruptedException;
    }

    /**
     * Starts nothing yet.
     *
     * @param storage started
     */
    public Notifier(
            NotifyConfig config,
            JdbcStorage storage,
            NoticeRules rules,
            InputDone input,
            MeterRegistry meters,
            Clock clock) {
        this.config = config;
        this.queue = storage.notices();
        this.sweep = storage.noticeSweep(rules);
        this.input = input;
        this.clock = clock;
        NotifyMetrics metrics = new NotifyMetrics(meters, rules.receivers());
        RetryTimes retries = new RetryTimes(new SplittableRandom());
        config.receivers().forEach(it -> couriers.add(new Courier(config, it, queue, retries, metrics, clock)));
    }

    /** Who is told, by a configuration. */
    public static NoticeRules rules(NotifyConfig config, Supplier<StateRule> rule) {
        return config.receivers().isEmpty() ? NoticeRules.NONE : new ConfigNotices(config, rule);
    }

    /** Throws {@link StoreException}. */
    public void start() {
        if (couriers.isEmpty()) {
            return;
        }
        queue.register(couriers.stream().map(Courier::name).toList());
        couriers.forEach(it -> thread("unpark-notify-" + it.name(), it::step));
        thread("unpark-notify-sweep", this::sweep);
        threads.forEach(Thread::start);
    }

    /** For the status: how it stands with each receiver, those that are configured no more too. Throws {@link StoreException}. */
    public List<Map<String, Object>> status() {
        List<Map<String, Object>> receivers = new ArrayList<>();
        for (NoticeQueueState state : queue.states()) {
            Map<String, Object> receiver = new LinkedHashMap<>();
            receiver.put("receiver", state.receiver());
            receiver.put(
                    "configured", couriers.stream().anyMatch(it -> it.name().equals(state.receiver())));
            receiver.put("pending", state.pending());
            if (state.oldestMs() > 0) {
                receiver.put("oldest", Messages.time(state.oldestMs()));
            }
            receiver.put("sent", state.sent());
            receiver.put("failed", state.failed());
            Map<String, Long> dropped = new TreeMap<>();
            state.dropped().forEach((reason, count) -> dropped.put(reason.word(), count));
            receiver.put("dropped", dropped);
            if (state.failures() > 0) {
                receiver.put("failures_in_a_row", state.failures());
                receiver.put("last_error", state.lastError());
                receiver.put("next_attempt", Messages.time(state.nextAttemptMs()));
            }
            receivers.add(receiver);
        }
        return receivers;
    }

    private long sweep() {
        int old = queue.dropOlder(clock.millis() - config.ageMax().toMillis());
        if (old > 0) {
            LOG.warn(
                    "{} notices were dropped: older than {} s",
                    old,
                    config.ageMax().toSeconds());
        }
        boolean more = input.settled().map(sweep::run).orElse(false);
        return more ? 0 : SWEEP_EVERY_MS;
    }

    private void thread(String name, Step step) {
        Thread thread = new Thread(() -> loop(name, step), name);
        thread.setDaemon(true);
        threads.add(thread);
    }

    private void loop(String name, Step step) {
        long waitMs = 0;
        try {
            while (!closed.await(waitMs, TimeUnit.MILLISECONDS)) {
                waitMs = guarded(name, step);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long guarded(String name, Step step) throws InterruptedException {
        try {
            return step.run();
        } catch (StoreException e) {
            LOG.warn("{} tries again: {}", name, e.toString());
        } catch (RuntimeException e) {
            // An exception that came through would end all further messages.
            LOG.error("{} failed", name, e);
        }
        return FAILED_MS;
    }

    /** What is under way is waited for, up to 5 seconds; what is not sent then is sent after the next start. */
    @Override
    public void close() {
        closed.countDown();
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MS);
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime())));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (!threads.isEmpty()) {
            release();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        try {
            couriers.forEach(Courier::release);
        } catch (StoreException e) {
            LOG.info("Another sink goes on when the leases end: {}", e.toString());
        }
    }
}
