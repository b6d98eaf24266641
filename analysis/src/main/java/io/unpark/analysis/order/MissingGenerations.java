package io.unpark.analysis.order;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * Generations of one capture that were declared missing, as ranges. Bounded: the oldest two become one, over what was there
 * between them; a duplicate of that is then taken for late, which loses nothing.
 */
final class MissingGenerations {
    private static final int MAX_RANGES = 64;

    /** From, and the end, which is not in it. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Adds a range after all that are there. */
    void add(long from, long to) {
        Map.Entry<Long, Long> newest = ranges.lastEntry();
        ranges.put(newest != null && newest.getValue() == from ? newest.getKey() : from, to);
        if (ranges.size() > MAX_RANGES) {
            Map.Entry<Long, Long> oldest = ranges.pollFirstEntry();
            Map.Entry<Long, Long> second = ranges.pollFirstEntry();
            ranges.put(oldest.getKey(), second.getValue());
        }
    }

    boolean contains(long generation) {
        Map.Entry<Long, Long> range = ranges.floorEntry(generation);
        return range != null && generation < range.getValue();
    }

    void write(BinaryWriter out) {
        out.writeUnsigned(ranges.size());
        ranges.forEach((from, to) -> {
            out.writeUnsigned(from);
            out.writeUnsigned(to);
        });
    }

    static MissingGenerations read(BinaryReader in) {
        MissingGenerations missing = new MissingGenerations();
        for (int left = in.readCount(); left > 0; left--) {
            missing.ranges.put(in.readUnsigned(), in.readUnsigned());
        }
        return missing;
    }
}
