package io.unpark.sink.notify;

import io.unpark.sink.notify.SendOutcome.Failed;
import io.unpark.sink.notify.SendOutcome.Refused;
import io.unpark.sink.store.Notice;
import io.unpark.sink.store.NoticeDrop;
import io.unpark.sink.store.NoticeQueue;
import io.unpark.sink.store.NoticeQueueState;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sends one receiver's notices, oldest first, one message at a time. What goes in a message is written down before it is sent, so
 * that a process that goes on after another was killed sends the same message with the same key.
 */
final class Courier {
    /** Of one message. */
    static final int NOTICES_MAX = 50;

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final int LOOK_AHEAD = 1_000;
    private static final long IDLE_MS = 1_000;
    private static final long LEASE_SLACK_MS = 5_000;

    private final NotifyConfig config;
    private final ReceiverConfig receiver;
    private final NoticeQueue queue;
    private final HttpSender sender;
    private final RetryTimes retries;
    private final NotifyMetrics metrics;
    private final Clock clock;
    private final String owner = UUID.randomUUID().toString();

    Courier(
            NotifyConfig config,
            ReceiverConfig receiver,
            NoticeQueue queue,
            RetryTimes retries,
            NotifyMetrics metrics,
            Clock clock) {
        this.config = config;
        this.receiver = receiver;
        this.queue = queue;
        this.sender = new HttpSender(receiver, clock);
        this.retries = retries;
        this.metrics = metrics;
        this.clock = clock;
    }

    String name() {
        return receiver.name();
    }

    /**
     * Sends at most one message. Throws {@code StoreException}.
     *
     * @return milliseconds until there may be something to do; 0 for at once
     */
    long step() throws InterruptedException {
        long nowMs = clock.millis();
        NoticeQueueState state = queue.state(receiver.name());
        metrics.pending(receiver.name(), state);
        if (state.nextAttemptMs() > nowMs) {
            return Math.min(IDLE_MS, state.nextAttemptMs() - nowMs);
        }
        boolean refresh = refreshDue(state, nowMs);
        if (state.pending() == 0 && !refresh) {
            return IDLE_MS;
        }
        // Long enough for one attempt: whoever is killed in the middle of it is waited for.
        if (!queue.lease(
                receiver.name(), owner, nowMs, nowMs + receiver.timeout().toMillis() + LEASE_SLACK_MS)) {
            return IDLE_MS;
        }
        List<Notice> waiting = queue.oldest(receiver.name(), LOOK_AHEAD);
        if (waiting.isEmpty()) {
            return refresh ? refresh(state, nowMs) : IDLE_MS;
        }
        Notice first = waiting.get(0);
        long waitMs = first.createdMs() + config.groupWait().toMillis() - nowMs;
        if (first.batch().isEmpty() && waitMs > 0 && waiting.size() < NOTICES_MAX) {
            return Math.min(IDLE_MS, waitMs);
        }
        send(state, first.batch().isEmpty() ? newBatch(waiting) : queue.batch(receiver.name(), first.batch()));
        return 0;
    }

    private List<Notice> newBatch(List<Notice> waiting) {
        List<String> group = GroupKey.of(receiver, waiting.get(0));
        List<Notice> members = waiting.stream()
                .filter(it -> it.batch().isEmpty() && GroupKey.of(receiver, it).equals(group))
                .limit(NOTICES_MAX)
                .toList();
        String batch = UUID.randomUUID().toString();
        queue.assign(batch, members);
        return queue.batch(receiver.name(), batch);
    }

    private void send(NoticeQueueState state, List<Notice> notices) throws InterruptedException {
        if (notices.isEmpty()) {
            return;
        }
        SendOutcome outcome =
                sender.post(body(notices, state.dropsUntold()), notices.get(0).batch());
        if (outcome instanceof Failed it) {
            failed(state, notices, it.error(), it.after());
        } else if (outcome instanceof Refused it) {
            refused(notices, it.error());
        } else {
            queue.sent(receiver.name(), notices, state.dropsUntold());
            metrics.sent(receiver.name(), notices.size());
        }
    }

    private byte[] body(List<Notice> notices, long dropped) {
        return switch (receiver.type()) {
            case ALERTMANAGER -> AlertmanagerMessage.body(receiver, config.externalUrl(), notices, clock.millis());
            case WEBHOOK -> WebhookMessage.body(receiver, config.externalUrl(), notices, dropped);
        };
    }

    private void failed(NoticeQueueState state, List<Notice> notices, String error, Optional<Duration> after) {
        long waitMs = retries.afterMs(state.failures() + 1, after);
        // Once for each time that it is away; the status has the rest.
        LOG.atLevel(state.failures() == 0 ? Level.WARN : Level.INFO)
                .log("Receiver {} did not take a message, next attempt in {} ms: {}", receiver.name(), waitMs, error);
        metrics.failed(receiver.name());
        queue.failed(receiver.name(), notices, error, clock.millis() + waitMs);
        if (!notices.isEmpty() && notices.get(0).attempts() + 1 >= config.attemptsMax()) {
            drop(notices, NoticeDrop.ATTEMPTS, error);
        }
    }

    /** One notice may be at fault: alone each costs itself only. */
    private void refused(List<Notice> notices, String error) {
        metrics.failed(receiver.name());
        queue.failed(receiver.name(), notices, error, clock.millis());
        if (notices.size() == 1) {
            drop(notices, NoticeDrop.REFUSED, error);
        } else {
            notices.forEach(it -> queue.assign(UUID.randomUUID().toString(), List.of(it)));
        }
    }

    private void drop(List<Notice> notices, NoticeDrop reason, String error) {
        LOG.warn("Receiver {}: {} notices are dropped ({}): {}", receiver.name(), notices.size(), reason.word(), error);
        queue.drop(receiver.name(), notices, reason);
    }

    private boolean refreshDue(NoticeQueueState state, long nowMs) {
        return receiver.type() == ReceiverType.ALERTMANAGER
                && nowMs - state.refreshedMs() >= receiver.resend().toMillis();
    }

    /** Alertmanager forgets what nobody repeats, and everything when it is restarted. */
    private long refresh(NoticeQueueState state, long nowMs) throws InterruptedException {
        String after = "";
        for (List<Notice> open = open(after); !open.isEmpty(); open = open(after)) {
            SendOutcome outcome = sender.post(body(open, 0), UUID.randomUUID().toString());
            if (outcome instanceof Failed it) {
                failed(state, List.of(), it.error(), it.after());
                return 0;
            }
            if (outcome instanceof Refused it) {
                LOG.warn("Receiver {} does not take what is open: {}", receiver.name(), it.error());
            }
            after = open.get(open.size() - 1).anomalyId();
            long untilMs = clock.millis() + receiver.timeout().toMillis() + LEASE_SLACK_MS;
            if (!queue.lease(receiver.name(), owner, clock.millis(), untilMs)) {
                return IDLE_MS;
            }
        }
        queue.refreshed(receiver.name(), nowMs);
        return 0;
    }

    private List<Notice> open(String after) {
        return queue.open(receiver.name(), after, NOTICES_MAX);
    }

    /** Lets others send at once. */
    void release() {
        queue.release(receiver.name(), owner);
    }
}
