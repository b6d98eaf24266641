package io.unpark.streams;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** How large the stores are, by Kafka Streams' own metrics of RocksDB. */
final class StoreSizes {
    private static final String GROUP = "stream-state-metrics";
    private static final Set<String> SIZES = Set.of("total-sst-files-size", "size-all-mem-tables");
    private static final String STORE = "rocksdb-state-id";

    private StoreSizes() {}

    /** Sums over tasks, by store. */
    static Map<String, Long> of(Map<MetricName, ? extends Metric> metrics) {
        Map<String, Long> bytes = new TreeMap<>();
        metrics.forEach((name, metric) -> {
            String store = name.tags().get(STORE);
            if (name.group().equals(GROUP)
                    && SIZES.contains(name.name())
                    && store != null
                    && metric.metricValue() instanceof Number size) {
                bytes.merge(store, size.longValue(), Long::sum);
            }
        });
        return bytes;
    }
}
