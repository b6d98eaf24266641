package io.unpark.streams;

import io.unpark.analysis.profile.ProfileStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What is known by profiles of one instance, in a store that the processors of chunks and of profiles share: key {@code instance key/name}.
 * What is put is written when it is known that nothing can fail any more.
 */
final class StoredProfiles implements ProfileStore {
    private final KeyValueStore<String, byte[]> store;
    private final String prefix;
    private final Map<String, byte[]> unwritten = new HashMap<>();

    StoredProfiles(KeyValueStore<String, byte[]> store, String instanceKey) {
        this.store = store;
        this.prefix = instanceKey + "/";
    }

    @Override
    public byte[] get(String name) {
        byte[] bytes = unwritten.get(name);
        return bytes == null ? store.get(prefix + name) : bytes;
    }

    /** Throws when it is larger than its topic takes. */
    @Override
    public void put(String name, byte[] bytes) {
        if (bytes.length > StatePages.MAX_PAGE_BYTES) {
            throw new RefusedInputException("what is known by profiles, " + name + ", has " + bytes.length
                    + " bytes, at most " + StatePages.MAX_PAGE_BYTES + " can be kept");
        }
        unwritten.put(name, bytes);
    }

    @Override
    public List<String> names(String begin) {
        TreeSet<String> names = new TreeSet<>();
        Prefixes.keys(store, prefix + begin).forEach(key -> names.add(key.substring(prefix.length())));
        unwritten.keySet().stream().filter(name -> name.startsWith(begin)).forEach(names::add);
        return new ArrayList<>(names);
    }

    void write() {
        unwritten.forEach((name, bytes) -> store.put(prefix + name, bytes));
        unwritten.clear();
    }

    /** Forgets an instance. */
    static void deleteAll(KeyValueStore<String, byte[]> store, String instanceKey) {
        Prefixes.deleteAll(store, instanceKey + "/");
    }
}
