package io.unpark.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.unpark.sink.store.AnomalyQueries;
import io.unpark.sink.store.StateRule;

/** How many anomalies are open, as of the last look: too dear for every scrape. */
final class OpenAnomalyMeter {
    private static final int ROWS_MAX = 1_000;

    private final AnomalyQueries anomalies;
    private final MultiGauge gauge;

    OpenAnomalyMeter(AnomalyQueries anomalies, MeterRegistry registry) {
        this.anomalies = anomalies;
        this.gauge = MultiGauge.builder("unpark.sink.open.anomalies")
                .description("Anomalies that are open, likely or certain")
                .register(registry);
    }

    /** Throws {@code StoreException}. */
    void look(StateRule rule) {
        gauge.register(
                anomalies.openCounts(rule, ROWS_MAX).stream()
                        .<MultiGauge.Row<?>>map(it -> MultiGauge.Row.of(
                                Tags.of(
                                        "namespace", it.namespace(),
                                        "service", it.service(),
                                        "kind", it.kind(),
                                        "severity", it.severity()),
                                it.count()))
                        .toList(),
                true);
    }
}
