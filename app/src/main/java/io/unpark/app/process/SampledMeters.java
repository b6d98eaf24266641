package io.unpark.app.process;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meters whose labels are not known beforehand, or whose values are too dear to be asked for at each scrape: looked at every few
 * seconds. At most 500 values of a label.
 */
public final class SampledMeters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SampledMeters.class);
    private static final long EVERY_S = 10;
    private static final int VALUES_MAX = 500;

    private final MeterRegistry registry;
    private final List<Runnable> looks = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "unpark-meters");
        thread.setDaemon(true);
        return thread;
    });

    public SampledMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** What is counted by the label's value, which only grows. */
    public void counter(String name, String description, String label, Supplier<Map<String, Long>> counts) {
        Set<String> known = new HashSet<>();
        looks.add(() -> counts.get().keySet().stream()
                .filter(value -> known.size() < VALUES_MAX && known.add(value))
                .forEach(value -> FunctionCounter.builder(
                                name, counts, it -> it.get().getOrDefault(value, 0L))
                        .description(description)
                        .tag(label, value)
                        .register(registry)));
    }

    /** What stands by the label's value. */
    public void gauge(String name, String description, String label, Supplier<Map<String, Long>> levels) {
        MultiGauge gauge = MultiGauge.builder(name).description(description).register(registry);
        looks.add(() -> gauge.register(
                levels.get().entrySet().stream()
                        .limit(VALUES_MAX)
                        .<MultiGauge.Row<?>>map(it -> MultiGauge.Row.of(Tags.of(label, it.getKey()), it.getValue()))
                        .toList(),
                true));
    }

    public void start() {
        clock.scheduleWithFixedDelay(() -> looks.forEach(SampledMeters::look), 0, EVERY_S, TimeUnit.SECONDS);
    }

    private static void look(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            // Such as a cluster that does not answer just now.
            LOG.debug("A meter keeps its last value", e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
