package io.unpark.streams;

import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.instance.LaneSums;
import io.unpark.analysis.order.ArrivalOrder;
import io.unpark.analysis.order.OrderLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of each instance's captures, and its sums over them, in a store: key {@code instance key/what}. */
final class StoredOrders {
    private static final Logger LOG = LoggerFactory.getLogger(StoredOrders.class);
    private static final String OPEN = "/open";
    private static final String PAST = "/past";
    private static final String SUMS = "/sums/";

    private final KeyValueStore<String, byte[]> store;
    private final OrderLimits limits;

    StoredOrders(KeyValueStore<String, byte[]> store, OrderLimits limits) {
        this.store = store;
        this.limits = limits;
    }

    /** @throws CodecException when it is damaged or of another version */
    ArrivalOrder load(String key) {
        return ArrivalOrder.fromBytes(store.get(key + OPEN), () -> store.get(key + PAST), limits);
    }

    void save(String key, ArrivalOrder order) {
        store.put(key + OPEN, order.toBytes());
        order.pastToBytes().ifPresent(bytes -> store.put(key + PAST, bytes));
    }

    void deleteAll(String key) {
        Prefixes.deleteAll(store, key + "/");
    }

    /** An instance whose order this version cannot read, after an upgrade, begins anew, as one that was never seen. */
    void discard(String key, CodecException why) {
        LOG.warn("The order of {} cannot be read and is discarded: {}", key, why.getMessage());
        deleteAll(key);
    }

    Sums sums(String key) {
        return new Sums(key + SUMS);
    }

    /** Sums of one instance; what is put is written when it is known that nothing can fail any more. */
    final class Sums implements LaneSums.Store {
        private final String prefix;
        private final Map<String, byte[]> unwritten = new HashMap<>();

        private Sums(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public byte[] get(String group) {
            byte[] bytes = unwritten.get(group);
            return bytes == null ? store.get(prefix + group) : bytes;
        }

        @Override
        public void put(String group, byte[] bytes) {
            unwritten.put(group, bytes);
        }

        @Override
        public List<String> groups() {
            return Prefixes.keys(store, prefix).stream()
                    .map(name -> name.substring(prefix.length()))
                    .toList();
        }

        void write() {
            unwritten.forEach((group, bytes) -> store.put(prefix + group, bytes));
            unwritten.clear();
        }

        void forget() {
            unwritten.clear();
        }
    }
}
