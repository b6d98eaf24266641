package io.unpark.sink.store.stacks;

import io.unpark.analysis.model.Stack;
import io.unpark.sink.store.Saturating;
import io.unpark.sink.store.StackTaker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Waits and CPU samples by route, reason and stack, added up over profiles. Integers, so that the order of adding does not
 * matter; of too many, what has come to more is kept and the others are summed.
 */
public final class StackSums implements StackTaker {
    /** The reason of what is no wait but a CPU sample. */
    public static final String CPU = "cpu";
    /** Go's CPU profiler takes 100 samples a second of CPU time. */
    public static final long SAMPLE_NS = 10_000_000;

    /** So many are told apart while adding up; those that come later are summed. */
    private static final int KEYS_MAX = 50_000;

    private static final Comparator<Entry> LARGEST_FIRST = Comparator.comparingLong(Entry::weightNs)
            .reversed()
            .thenComparing(entry -> entry.key.route())
            .thenComparing(entry -> entry.key.reason())
            .thenComparing(entry -> entry.key.stack().toString());

    private record Key(String route, String reason, Stack stack) {
        boolean isCpu() {
            return reason.equals(CPU);
        }
    }

    private record Entry(Key key, long count, long ns) {
        long weightNs() {
            return key.isCpu() ? Saturating.times(count, SAMPLE_NS) : ns;
        }
    }

    private final Map<Key, long[]> sums = new HashMap<>();
    private long coveredNs;
    private long otherNs;
    private long otherSamples;

    @Override
    public void entry(String route, String reason, Stack stack, long count, long blockedNs) {
        Key key = new Key(route, reason, stack);
        long[] sum = sums.get(key);
        if (sum == null && sums.size() < KEYS_MAX) {
            sum = new long[2];
            sums.put(key, sum);
        }
        if (sum == null) {
            leaveOut(key, count, blockedNs);
        } else {
            sum[0] = Saturating.add(sum[0], count);
            sum[1] = Saturating.add(sum[1], blockedNs);
        }
    }

    private void leaveOut(Key key, long count, long blockedNs) {
        otherNs = Saturating.add(otherNs, blockedNs);
        otherSamples = Saturating.add(otherSamples, key.isCpu() ? count : 0);
    }

    @Override
    public void rest(long moreCoveredNs, long moreOtherNs, long moreOtherSamples) {
        coveredNs = Saturating.add(coveredNs, moreCoveredNs);
        otherNs = Saturating.add(otherNs, moreOtherNs);
        otherSamples = Saturating.add(otherSamples, moreOtherSamples);
    }

    /** The {@code most} largest entries and the sum of the others, as {@link StackDocument#read} reads them. */
    public byte[] document(int most) {
        List<Entry> entries = new ArrayList<>(sums.size());
        sums.forEach((key, sum) -> entries.add(new Entry(key, sum[0], sum[1])));
        entries.sort(LARGEST_FIRST);
        for (Entry left : entries.subList(Math.min(most, entries.size()), entries.size())) {
            leaveOut(left.key, left.count, left.ns);
            sums.remove(left.key);
        }
        StackDocument document = new StackDocument();
        for (Entry kept : entries.subList(0, Math.min(most, entries.size()))) {
            document.entry(kept.key.route(), kept.key.reason(), kept.key.stack(), kept.count, kept.ns);
        }
        document.rest(coveredNs, otherNs, otherSamples);
        return document.bytes();
    }
}
