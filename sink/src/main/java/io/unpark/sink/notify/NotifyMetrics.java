package io.unpark.sink.notify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.unpark.sink.store.NoticeDrop;
import io.unpark.sink.store.NoticeQueueState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of notices, by receiver. What waits and was dropped is the database's; the rest is this process's. */
final class NotifyMetrics {
    private final MeterRegistry registry;
    private final Map<String, NoticeQueueState> last = new ConcurrentHashMap<>();

    NotifyMetrics(MeterRegistry registry, List<String> receivers) {
        this.registry = registry;
        for (String receiver : receivers) {
            Gauge.builder(
                            "unpark.notify.pending",
                            last,
                            it -> it.containsKey(receiver) ? it.get(receiver).pending() : 0)
                    .description("Notices that wait for a receiver")
                    .tag("receiver", receiver)
                    .register(registry);
            for (NoticeDrop reason : NoticeDrop.values()) {
                FunctionCounter.builder("unpark.notify.dropped", last, it -> dropped(it.get(receiver), reason))
                        .description("Notices that were let go without being sent, over all sinks of the database")
                        .tags("receiver", receiver, "reason", reason.word())
                        .register(registry);
            }
            sent(receiver, 0);
            failures(receiver);
        }
    }

    private static double dropped(NoticeQueueState state, NoticeDrop reason) {
        return state == null ? 0 : state.dropped().get(reason);
    }

    void pending(String receiver, NoticeQueueState state) {
        last.put(receiver, state);
    }

    void sent(String receiver, int count) {
        Counter.builder("unpark.notify.sent")
                .description("Notices that a receiver took")
                .tag("receiver", receiver)
                .register(registry)
                .increment(count);
    }

    void failed(String receiver) {
        failures(receiver).increment();
    }

    private Counter failures(String receiver) {
        return Counter.builder("unpark.notify.failures")
                .description("Attempts to send that failed")
                .tag("receiver", receiver)
                .register(registry);
    }
}
