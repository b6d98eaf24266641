package io.unpark.app.analyze;

import io.unpark.analysis.profile.ProfileStore;
import java.util.List;
import java.util.TreeMap;

/** What is known by an instance's profiles, in memory. */
final class MemoryProfiles implements ProfileStore {
    private final TreeMap<String, byte[]> values = new TreeMap<>();

    @Override
    public byte[] get(String name) {
        return values.get(name);
    }

    @Override
    public void put(String name, byte[] bytes) {
        values.put(name, bytes);
    }

    @Override
    public List<String> names(String prefix) {
        return values.tailMap(prefix).keySet().stream()
                .takeWhile(name -> name.startsWith(prefix))
                .toList();
    }
}
