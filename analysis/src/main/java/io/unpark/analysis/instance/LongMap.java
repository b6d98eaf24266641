package io.unpark.analysis.instance;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A map from long keys (goroutine ids, task ids) to objects: open addressing with linear probing, so that a look-up per
 * event allocates nothing. Keys may be any value.
 */
final class LongMap<V> {
    private static final int INITIAL = 64;
    private static final int RECENT = 512;

    private long[] keys = new long[INITIAL];
    private Object[] values = new Object[INITIAL];
    private int size;

    /** What was asked for lately, by the lower bits of its key: most events are of the few goroutines that run. */
    private final long[] recentKeys = new long[RECENT];

    private final Object[] recent = new Object[RECENT];

    /** The values in ascending order of their keys, or null when that is not known any more. */
    private Object[] inOrder;

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked") // only V goes in, by put
    V get(long key) {
        int i = (int) key & RECENT - 1;
        Object seen = recent[i];
        if (seen != null && recentKeys[i] == key) {
            return (V) seen;
        }
        V value = value(slot(key));
        if (value != null) {
            recentKeys[i] = key;
            recent[i] = value;
        }
        return value;
    }

    void put(long key, V value) {
        if (size * 2 >= keys.length) {
            grow();
        }
        int slot = slot(key);
        if (values[slot] == null) {
            size++;
        }
        inOrder = null;
        keys[slot] = key;
        values[slot] = value;
        int i = (int) key & RECENT - 1;
        recentKeys[i] = key;
        recent[i] = value;
    }

    V remove(long key) {
        int slot = slot(key);
        V removed = value(slot);
        if (removed == null) {
            return null;
        }
        size--;
        inOrder = null;
        recent[(int) key & RECENT - 1] = null;
        close(slot);
        return removed;
    }

    void clear() {
        keys = new long[INITIAL];
        values = new Object[INITIAL];
        Arrays.fill(recent, null);
        inOrder = null;
        size = 0;
    }

    /** Visits every value, in ascending order of the keys: state that is written must not depend on a hash's order. */
    @SuppressWarnings("unchecked") // only V goes in, by put
    void forEachSorted(Consumer<V> visitor) {
        for (Object value : inOrder()) {
            visitor.accept((V) value);
        }
    }

    /** Kept until something comes or goes: at the end of a generation everybody looks at all values. */
    private Object[] inOrder() {
        if (inOrder == null) {
            long[] sorted = sortedKeys();
            inOrder = new Object[sorted.length];
            for (int i = 0; i < sorted.length; i++) {
                inOrder[i] = values[slot(sorted[i])];
            }
        }
        return inOrder;
    }

    long[] sortedKeys() {
        long[] sorted = new long[size];
        int n = 0;
        for (int i = 0; i < keys.length; i++) {
            if (values[i] != null) {
                sorted[n++] = keys[i];
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    /** Moves later members of the probe chain up, so that no tombstones are needed. */
    private void close(int hole) {
        int mask = keys.length - 1;
        int free = hole;
        int next = (hole + 1) & mask;
        while (values[next] != null) {
            int home = home(keys[next]);
            if (((next - home) & mask) >= ((next - free) & mask)) {
                keys[free] = keys[next];
                values[free] = values[next];
                free = next;
            }
            next = (next + 1) & mask;
        }
        values[free] = null;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = home(key);
        while (values[slot] != null && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        Object[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new Object[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    @SuppressWarnings("unchecked") // only V goes in, by put
    private V value(int slot) {
        return (V) values[slot];
    }

    /** The upper bits of a multiplication by the golden ratio: numbers in a row, as ids are, spread evenly and never meet. */
    private int home(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> Long.numberOfLeadingZeros(keys.length) + 1);
    }
}
