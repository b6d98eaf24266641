package io.unpark.app.analyze;

import io.unpark.analysis.instance.LaneSums;
import java.util.List;
import java.util.TreeMap;

/** An instance's sums, in memory. */
final class MemorySums implements LaneSums.Store {
    private final TreeMap<String, byte[]> groups = new TreeMap<>();

    @Override
    public byte[] get(String group) {
        return groups.get(group);
    }

    @Override
    public void put(String group, byte[] bytes) {
        groups.put(group, bytes);
    }

    @Override
    public List<String> groups() {
        return List.copyOf(groups.keySet());
    }
}
