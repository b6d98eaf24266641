package io.unpark.sink.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;

/** The sink's meters. */
final class SinkMetrics {
    private final MeterRegistry registry;
    private final Timer batches;
    private final MultiGauge lag;

    SinkMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.batches = Timer.builder("unpark.sink.batch")
                .description("Time to write a batch of rows with its offsets")
                .register(registry);
        this.lag = MultiGauge.builder("unpark.sink.lag")
                .description("Records between the stored offset and the end that readers may see")
                .register(registry);
    }

    Timer batches() {
        return batches;
    }

    void read(String topic, long count) {
        registry.counter("unpark.sink.records", "topic", topic).increment(count);
    }

    void bad(String topic) {
        registry.counter("unpark.sink.bad.records", "topic", topic).increment();
    }

    void failed(String cause) {
        registry.counter("unpark.sink.failures", "cause", cause).increment();
    }

    void slice(String result) {
        registry.counter("unpark.sink.slices", "result", result).increment();
    }

    void lag(List<PartitionStatus> partitions) {
        lag.register(
                partitions.stream()
                        .filter(partition -> partition.lag() >= 0)
                        .<MultiGauge.Row<?>>map(partition -> MultiGauge.Row.of(
                                Tags.of("topic", partition.topic(), "partition", "" + partition.partition()),
                                partition.lag()))
                        .toList(),
                true);
    }
}
