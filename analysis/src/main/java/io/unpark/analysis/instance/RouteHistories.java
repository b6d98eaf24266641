package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.config.AnalysisConfig;
import java.util.TreeMap;

/**
 * How long the requests of each route took in this instance's generations so far: whole numbers in fixed buckets, so that
 * the order in which they came does not matter.
 */
final class RouteHistories {
    /** Routes with a history; those met later have none and are never called slow. */
    static final int MAX_ROUTES = 1_000;

    /** Buckets of an octave: a bucket's bounds are an eighth apart. */
    private static final int STEPS = 8;

    /** From 2^10 ns (1 µs) to 2^43 ns (2.4 h). */
    private static final int FIRST_OCTAVE = 10;

    private static final int BUCKETS = 33 * STEPS;

    /** With as many requests the older ones count half: what is usual may change. */
    private static final long FULL = 20_000;

    private static final String PAGE = "route";
    private final TreeMap<String, long[]> byRoute = new TreeMap<>();

    /** Judges a request against those that were {@link #add added} so far. */
    SlowVerdict judge(String route, long durationNs, AnalysisConfig config) {
        long[] counts = byRoute.get(route);
        long total = counts == null ? 0 : total(counts);
        if (total < config.slowMinRequests() || config.longPollRoutes().contains(route)) {
            return new SlowVerdict(false, 0, total);
        }
        long p99Ns = p99Ns(counts, total);
        boolean slow = durationNs >= config.slowMinNs() && durationNs / config.slowFactor() >= p99Ns;
        return new SlowVerdict(slow, p99Ns, total);
    }

    /** One more request, seen whole. Those of a generation are added after all of them were judged. */
    void add(String route, long durationNs) {
        long[] counts = byRoute.get(route);
        if (counts == null) {
            if (byRoute.size() >= MAX_ROUTES) {
                return;
            }
            counts = new long[BUCKETS];
            byRoute.put(route, counts);
        }
        counts[bucket(durationNs)]++;
    }

    /** At a generation's end: what is old fades. */
    void fade() {
        for (long[] counts : byRoute.values()) {
            if (total(counts) >= FULL) {
                for (int i = 0; i < BUCKETS; i++) {
                    counts[i] >>= 1;
                }
            }
        }
    }

    static int bucket(long ns) {
        if (ns < 1L << FIRST_OCTAVE) {
            return 0;
        }
        int octave = 63 - Long.numberOfLeadingZeros(ns);
        int step = (int) (ns >>> octave - 3) & STEPS - 1;
        return Math.min(BUCKETS - 1, (octave - FIRST_OCTAVE) * STEPS + step);
    }

    /** The end of a bucket: above all that it counts. */
    static long endNs(int bucket) {
        int octave = bucket / STEPS + FIRST_OCTAVE;
        return (1L << octave) + (bucket % STEPS + 1) * (1L << octave - 3);
    }

    private static long total(long[] counts) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    private static long p99Ns(long[] counts, long total) {
        long beyond = total / 100;
        long seen = 0;
        for (int i = BUCKETS - 1; i >= 0; i--) {
            seen += counts[i];
            if (seen > beyond) {
                return endNs(i);
            }
        }
        return 0;
    }

    void write(PageBook pages) {
        byRoute.forEach((route, counts) -> write(pages.page(PAGE, StateCodec.bucket(route)), route, counts));
    }

    private static void write(BinaryWriter out, String route, long[] counts) {
        out.writeText(route);
        int used = 0;
        for (long count : counts) {
            used += count > 0 ? 1 : 0;
        }
        out.writeUnsigned(used);
        for (int i = 0; i < BUCKETS; i++) {
            if (counts[i] > 0) {
                out.writeUnsigned(i);
                out.writeUnsigned(counts[i]);
            }
        }
    }

    void read(StateCodec.Pages pages) {
        pages.each(PAGE, this::read);
    }

    private void read(BinaryReader in) {
        String route = in.readText();
        long[] counts = new long[BUCKETS];
        for (int left = in.readCount(); left > 0; left--) {
            long bucket = in.readUnsigned();
            if (bucket < 0 || bucket >= BUCKETS) {
                throw new CodecException("a latency bucket " + bucket);
            }
            counts[(int) bucket] = in.readUnsigned();
        }
        byRoute.put(route, counts);
    }
}
