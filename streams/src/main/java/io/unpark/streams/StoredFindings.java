package io.unpark.streams;

import io.unpark.analysis.codec.FindingCodec;
import io.unpark.analysis.incident.FindingStore;
import io.unpark.analysis.model.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The findings of one anomaly: a range of a store, and on top of it what was put since, which {@link #flush} writes. Held back
 * so that a fold that fails has written nothing. Closed by its user, which closes the iterators that it gave.
 */
final class StoredFindings implements FindingStore, AutoCloseable {
    private final KeyValueStore<String, byte[]> store;
    private final String prefix;
    private final TreeMap<String, Finding> held = new TreeMap<>();
    private final Set<String> removed = new HashSet<>();
    private int passedOver;
    private final List<KeyValueIterator<String, byte[]>> open = new ArrayList<>();

    /** @param store {@code anomaly id/finding id} */
    StoredFindings(KeyValueStore<String, byte[]> store, String anomalyId) {
        this.store = store;
        this.prefix = anomalyId + "/";
    }

    @Override
    public Finding get(String findingId) {
        Finding recent = held.get(findingId);
        if (recent != null) {
            return recent;
        }
        byte[] bytes = removed.contains(findingId) ? null : store.get(prefix + findingId);
        return bytes == null ? null : FindingCodec.fromBytes(bytes);
    }

    @Override
    public void put(Finding finding) {
        held.put(finding.findingId(), finding);
        removed.remove(finding.findingId());
    }

    @Override
    public void remove(String findingId) {
        held.remove(findingId);
        removed.add(findingId);
    }

    /** From {@code atMost} down: above it lie the graves of what was removed, which a reader would have to pass. */
    @Override
    public String last(String atMost) {
        String recent = atMost.isEmpty() ? (held.isEmpty() ? null : held.lastKey()) : held.floorKey(atMost);
        String to = atMost.isEmpty() ? afterPrefix() : prefix + atMost;
        try (KeyValueIterator<String, byte[]> entries = store.reverseRange(prefix, to)) {
            while (entries.hasNext()) {
                String id = entries.next().key.substring(prefix.length());
                if (!removed.contains(id)) {
                    return recent != null && recent.compareTo(id) > 0 ? recent : id;
                }
            }
        }
        return recent;
    }

    /** The slash's successor: no key of this anomaly is as great. */
    private String afterPrefix() {
        return prefix.substring(0, prefix.length() - 1) + (char) (prefix.charAt(prefix.length() - 1) + 1);
    }

    @Override
    public void passedOver() {
        passedOver++;
    }

    /** How many were let go since the last flush, or not taken. */
    int letGo() {
        return removed.size() + passedOver;
    }

    @Override
    public Iterator<Finding> all() {
        KeyValueIterator<String, byte[]> entries = store.prefixScan(prefix, new StringSerializer());
        open.add(entries);
        return new Merged(entries, new TreeMap<>(held));
    }

    /** Writes what was put. */
    void flush() {
        held.values().forEach(finding -> store.put(prefix + finding.findingId(), FindingCodec.toBytes(finding)));
        held.clear();
        removed.forEach(id -> store.delete(prefix + id));
        removed.clear();
    }

    void deleteAll() {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = store.prefixScan(prefix, new StringSerializer())) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(store::delete);
    }

    @Override
    public void close() {
        open.forEach(KeyValueIterator::close);
        open.clear();
    }

    /** The store's entries and the held ones in the order of their ids; a held one hides the stored one. */
    private final class Merged implements Iterator<Finding> {
        private final KeyValueIterator<String, byte[]> stored;
        private final TreeMap<String, Finding> recent;

        Merged(KeyValueIterator<String, byte[]> stored, TreeMap<String, Finding> recent) {
            this.stored = stored;
            this.recent = recent;
        }

        private void passRemoved() {
            while (stored.hasNext() && removed.contains(stored.peekNextKey().substring(prefix.length()))) {
                stored.next();
            }
        }

        @Override
        public boolean hasNext() {
            passRemoved();
            return stored.hasNext() || !recent.isEmpty();
        }

        @Override
        public Finding next() {
            passRemoved();
            if (!stored.hasNext()) {
                return recent.pollFirstEntry().getValue();
            }
            String id = stored.peekNextKey().substring(prefix.length());
            if (!recent.isEmpty() && recent.firstKey().compareTo(id) < 0) {
                return recent.pollFirstEntry().getValue();
            }
            KeyValue<String, byte[]> entry = stored.next();
            Finding newer = recent.remove(id);
            return newer != null ? newer : FindingCodec.fromBytes(entry.value);
        }
    }
}
