package io.unpark.streams;

import io.unpark.analysis.instance.StatePage;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Correlators' state in a store: key {@code instance key/kind/page}. An instance key has exactly two slashes. */
final class StatePages {
    /** Largest page: it travels to the changelog as one record. */
    static final int MAX_PAGE_BYTES = 4 << 20;

    private final KeyValueStore<String, byte[]> store;

    StatePages(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    List<StatePage> load(String instanceKey) {
        List<StatePage> pages = new ArrayList<>();
        String prefix = instanceKey + "/";
        try (KeyValueIterator<String, byte[]> entries = scan(prefix)) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                int slash = entry.key.lastIndexOf('/');
                String kind = entry.key.substring(prefix.length(), slash);
                pages.add(new StatePage(kind, Long.parseLong(entry.key.substring(slash + 1)), entry.value));
            }
        }
        return pages;
    }

    /** Throws when a page is larger than its topic takes; called before anything is written. */
    static void check(List<StatePage> pages) {
        for (StatePage page : pages) {
            if (page.bytes().length > MAX_PAGE_BYTES) {
                throw new RefusedInputException("state page " + page.kind() + " " + page.number() + " has "
                        + page.bytes().length + " bytes, at most " + MAX_PAGE_BYTES + " can be kept");
            }
        }
    }

    void put(String instanceKey, List<StatePage> pages) {
        for (StatePage page : pages) {
            String key = instanceKey + "/" + page.kind() + "/" + page.number();
            if (page.bytes().length == 0) {
                store.delete(key);
            } else {
                store.put(key, page.bytes());
            }
        }
    }

    void deleteAll(String instanceKey) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = scan(instanceKey + "/")) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(store::delete);
    }

    private KeyValueIterator<String, byte[]> scan(String prefix) {
        return store.prefixScan(prefix, new StringSerializer());
    }
}
