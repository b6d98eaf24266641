package io.unpark.analysis.model;

import java.util.List;

/**
 * The critical path of one service's part of a request, as a tree of hops in pre-order, and how its length compares.
 *
 * @param hops at most {@link #MAX_HOPS}; their own nanoseconds add up to the segment's wall time. Empty when not known
 * @param slow it took far longer than this instance's earlier requests of the route
 * @param usualP99Ns 99th percentile of those, an upper bound; 0 while there are too few of them
 * @param judgedAgainst how many there were
 * @param share how many requests of the same route and generation had the same root
 */
public record RequestPath(List<PathHop> hops, boolean slow, long usualP99Ns, long judgedAgainst, RootShare share) {
    /** Hops kept of one service's part of a request. */
    public static final int MAX_HOPS = 64;

    public static final RequestPath NONE = new RequestPath(List.of(), false, 0, 0, RootShare.NONE);

    /**
     * What a root explains, within one generation of one instance.
     *
     * @param ofRoute of the requests of its route
     * @param ofAll of those of all routes
     * @param routes how many of them have requests with the root
     * @param peer whom the calls went to in which the root lies, "" when it is no annotated call
     */
    public record RootShare(Part ofRoute, Part ofAll, long routes, String peer) {
        public static final RootShare NONE = new RootShare(Part.NONE, Part.NONE, 0, "");

        /**
         * A part of the requests that ended.
         *
         * @param requests that have the root, of {@code ofRequests}
         * @param ns of their time that it explains, of {@code ofNs} of all of them
         */
        public record Part(long requests, long ofRequests, long ns, long ofNs) {
            public static final Part NONE = new Part(0, 0, 0, 0);

            /** Of the time, 0 to 1000. */
            public long timePermille() {
                return ofNs <= 0 ? 0 : Math.min(1_000, Math.round(1_000.0 * ns / ofNs));
            }
        }
    }

    public RequestPath {
        hops = List.copyOf(hops);
    }

    /** The same path with another share. */
    public RequestPath with(RootShare other) {
        return new RequestPath(hops, slow, usualP99Ns, judgedAgainst, other);
    }

    /** Each hop's nanoseconds and those of all hops below it. */
    public long[] totals() {
        long[] totals = new long[hops.size()];
        for (int i = hops.size() - 1; i >= 0; i--) {
            totals[i] += hops.get(i).ns();
            if (hops.get(i).parent() >= 0) {
                totals[hops.get(i).parent()] += totals[i];
            }
        }
        return totals;
    }

    /**
     * The root of the path: from the hop that takes most of the time downwards, as long as one hop below explains half or
     * more. -1 when there is no hop.
     */
    public int root() {
        long[] totals = totals();
        int at = heaviest(-1, totals);
        while (at >= 0) {
            int below = heaviest(at, totals);
            if (below < 0 || totals[below] * 2 < totals[at]) {
                return at;
            }
            at = below;
        }
        return at;
    }

    /** The user's line nearest to a hop: its own, or that of the one that it explains; else its innermost frame. */
    public Frame placeOf(int hop) {
        for (int at = hop; at >= 0; at = hops.get(at).parent()) {
            if (!hops.get(at).line().function().isEmpty()) {
                return hops.get(at).line();
            }
        }
        return hops.get(hop).at();
    }

    private int heaviest(int parent, long[] totals) {
        int heaviest = -1;
        for (int i = 0; i < hops.size(); i++) {
            boolean child = hops.get(i).parent() == parent;
            if (child && totals[i] > 0 && (heaviest < 0 || totals[i] > totals[heaviest])) {
                heaviest = i;
            }
        }
        return heaviest;
    }
}
