package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.sink.store.AnomalyChange;
import io.unpark.sink.store.AnomalyChanges;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what changed in the database, whichever sink changed it. It is asked while somebody listens, once for all of them.
 */
final class EventFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);
    private static final byte[] HEARTBEAT = bytes(":\n\n");

    private final AnomalyChanges changes;
    private final Supplier<StateRule> rule;
    private final EventLimits limits;
    /** By listener: when it ends, {@code System.nanoTime()}. */
    private final Map<EventStream, Long> streams = new HashMap<>();

    private ScheduledExecutorService clock;
    private long position;
    private long settledNs;
    private long beatNs;
    private boolean closed;

    EventFeed(AnomalyChanges changes, Supplier<StateRule> rule, EventLimits limits) {
        this.changes = changes;
        this.rule = rule;
        this.limits = limits;
    }

    /**
     * Adds a listener, and tells it first what it missed.
     *
     * @param after the last change it knows
     * @return false when there are too many
     * @throws StoreException when the database does not answer
     */
    synchronized boolean add(EventStream stream, OptionalLong after) {
        if (closed || streams.size() >= limits.listeners()) {
            return false;
        }
        if (streams.isEmpty()) {
            position = changes.last();
        }
        stream.offer(event("ready", after.orElse(position), "{}"));
        if (after.isPresent()) {
            catchUp(stream, after.getAsLong());
        }
        streams.put(stream, System.nanoTime() + limits.longest().toNanos());
        start();
        return true;
    }

    /** Up to where the others are. */
    private void catchUp(EventStream stream, long after) {
        List<AnomalyChange> missed =
                after > position ? List.of() : changes.since(after, limits.backlog() + 1, rule.get());
        if (after > position || missed.size() > limits.backlog()) {
            stream.offer(resync());
            return;
        }
        missed.stream().filter(change -> change.number() <= position).forEach(change -> stream.offer(event(change)));
    }

    private void start() {
        if (clock == null) {
            clock = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "unpark-sink-events");
                thread.setDaemon(true);
                return thread;
            });
            long everyMs = limits.pollEvery().toMillis();
            clock.scheduleWithFixedDelay(this::tick, everyMs, everyMs, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        try {
            look();
        } catch (StoreException e) {
            LOG.debug("Changes are told later: {}", e.toString());
        } catch (RuntimeException e) {
            // An exception that came through would end all further looks.
            LOG.error("Changes are not told", e);
        }
    }

    private synchronized void look() {
        long nowNs = System.nanoTime();
        streams.forEach((stream, endNs) -> {
            if (nowNs - endNs >= 0) {
                stream.close();
            }
        });
        streams.keySet().removeIf(EventStream::isOver);
        if (streams.isEmpty()) {
            return;
        }
        if (nowNs - beatNs >= limits.heartbeatEvery().toNanos()) {
            beatNs = nowNs;
            streams.keySet().forEach(stream -> stream.offer(HEARTBEAT));
        }
        if (nowNs - settledNs >= limits.settleEvery().toNanos()) {
            settledNs = nowNs;
            changes.settle(rule.get());
        }
        tell(changes.since(position, limits.backlog() + 1, rule.get()));
    }

    private void tell(List<AnomalyChange> news) {
        if (news.size() > limits.backlog()) {
            position = changes.last();
            streams.keySet().forEach(stream -> stream.offer(resync()));
            return;
        }
        for (AnomalyChange change : news) {
            byte[] event = event(change);
            streams.keySet().forEach(stream -> stream.offer(event));
            position = change.number();
        }
    }

    private byte[] resync() {
        return event("resync", position, "{}");
    }

    private static byte[] event(AnomalyChange change) {
        ObjectNode data = Answers.JSON.createObjectNode();
        data.put("id", change.id());
        data.put("state", change.state().name());
        data.put("kind", change.kind());
        data.put("namespace", change.namespace());
        data.put("service", change.service());
        data.put("severity", change.severity());
        data.put("confidence", change.confidence());
        data.put("count", change.count());
        // JSON has no line ends of its own, and escapes those in names.
        return event("anomaly", change.number(), data.toString());
    }

    private static byte[] event(String name, long number, String data) {
        return bytes("id: " + number + "\nevent: " + name + "\ndata: " + data + "\n\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Ends all listeners; they come back to another sink, or when this one is back. */
    @Override
    public synchronized void close() {
        closed = true;
        if (clock != null) {
            clock.shutdown();
        }
        streams.keySet().forEach(EventStream::close);
        streams.clear();
    }
}
