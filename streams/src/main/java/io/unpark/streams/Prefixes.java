package io.unpark.streams;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** What lies in a store under keys with one beginning. */
final class Prefixes {
    private Prefixes() {}

    static List<String> keys(KeyValueStore<String, byte[]> store, String prefix) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = store.prefixScan(prefix, new StringSerializer())) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        return keys;
    }

    static void deleteAll(KeyValueStore<String, byte[]> store, String prefix) {
        keys(store, prefix).forEach(store::delete);
    }
}
