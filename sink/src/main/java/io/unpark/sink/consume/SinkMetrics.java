package io.unpark.sink.consume;

import io.micrometer.core.instrument.Counter;
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

    /** So that they are there before anything happens. */
    void expect(List<String> topics) {
        for (String topic : topics) {
            read(topic, 0);
            badRecords(topic);
        }
        slices("ready");
        slices("gone");
    }

    void read(String topic, long count) {
        Counter.builder("unpark.sink.records")
                .description("Records that were read into the database, skipped ones included")
                .tag("topic", topic)
                .register(registry)
                .increment(count);
    }

    void bad(String topic) {
        badRecords(topic).increment();
    }

    private Counter badRecords(String topic) {
        return Counter.builder("unpark.sink.bad.records")
                .description("Records that can never be kept and were skipped")
                .tag("topic", topic)
                .register(registry);
    }

    void failed(String cause) {
        Counter.builder("unpark.sink.failures")
                .description("Failures that were tried again")
                .tag("cause", cause)
                .register(registry)
                .increment();
    }

    void slice(String result) {
        slices(result).increment();
    }

    private Counter slices(String result) {
        return Counter.builder("unpark.sink.slices")
                .description("Slices of traces that were copied, or were gone before")
                .tag("result", result)
                .register(registry);
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
