package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Which requests are among the slowest few of their route and minute, so far: of one instance, whose generations come in one
 * order, so that the mark is a function of its input. What ends later in the minute and took longer is marked too; nothing is
 * taken back. A minute is one of the wall clock, by the request's end.
 */
final class SlowestRequests {
    /** Routes of which something is kept; requests of others are not marked. */
    static final int MAX_ROUTES = 1_000;

    private static final long MINUTE_NS = 60_000_000_000L;
    private static final String PAGE = "slowest";

    /** A request that has ended, on the wall clock. */
    record Ended(OpenRequest request, String route, long endNs) {
        long minute() {
            return Math.floorDiv(endNs, MINUTE_NS);
        }

        long durationNs() {
            return request.endNs - request.startNs;
        }
    }

    /** By minute, so that those of the later minute do not make the earlier ones forgotten; then the longest. */
    private static final Comparator<Ended> ORDER = Comparator.comparingLong(Ended::minute)
            .thenComparing(Comparator.comparingLong(Ended::durationNs).reversed())
            .thenComparingLong(ended -> ended.request().startNs)
            .thenComparingLong(ended -> ended.request().local);

    /** The longest of the route's last minute, the longest first. */
    private static final class Minute {
        long minute;
        long[] longestNs = {};
    }

    private final TreeMap<String, Minute> byRoute = new TreeMap<>();

    /**
     * Marks those that are among the slowest.
     *
     * @param ended of one generation, in any order; each request once in its life
     * @param few how many of a route and minute
     */
    void mark(List<Ended> ended, int few) {
        for (Ended one : ended.stream().sorted(ORDER).toList()) {
            Minute kept = byRoute.get(one.route());
            if (kept == null) {
                if (byRoute.size() >= MAX_ROUTES) {
                    continue;
                }
                kept = new Minute();
                byRoute.put(one.route(), kept);
            }
            one.request().slowest = isAmong(kept, one, few);
        }
    }

    private static boolean isAmong(Minute kept, Ended one, int few) {
        if (kept.minute != one.minute()) {
            kept.minute = one.minute();
            kept.longestNs = new long[0];
        }
        int place = 0;
        while (place < kept.longestNs.length && kept.longestNs[place] >= one.durationNs()) {
            place++;
        }
        if (place >= few) {
            return false;
        }
        long[] longest = new long[Math.min(few, kept.longestNs.length + 1)];
        System.arraycopy(kept.longestNs, 0, longest, 0, place);
        longest[place] = one.durationNs();
        System.arraycopy(kept.longestNs, place, longest, place + 1, longest.length - place - 1);
        kept.longestNs = longest;
        return true;
    }

    void write(PageBook pages) {
        byRoute.forEach((route, minute) -> {
            BinaryWriter out = pages.page(PAGE, StateCodec.bucket(route));
            out.writeText(route);
            out.writeSigned(minute.minute);
            out.writeUnsigned(minute.longestNs.length);
            Arrays.stream(minute.longestNs).forEach(out::writeSigned);
        });
    }

    void read(StateCodec.Pages pages) {
        pages.each(PAGE, this::read);
    }

    private void read(BinaryReader in) {
        String route = in.readText();
        Minute minute = new Minute();
        minute.minute = in.readSigned();
        minute.longestNs = new long[in.readCount()];
        for (int i = 0; i < minute.longestNs.length; i++) {
            minute.longestNs[i] = in.readSigned();
        }
        byRoute.put(route, minute);
    }
}
