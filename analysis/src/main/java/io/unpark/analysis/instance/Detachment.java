package io.unpark.analysis.instance;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Learns which kinds of goroutines are no part of the request that starts them, from requests that did not expire: an audit
 * record goes on when its request is over, a shared fetch serves others, and what is started once for a process belongs to
 * none. What a request waits for ends with it.
 */
final class Detachment {
    private static final String SINGLE_FLIGHT = "/singleflight.";

    /** So many of a kind, none of which ever woke its request: nobody there waits for them, and that they end with it is chance. */
    private static final int MIN_UNAWAITED = 8;

    private final long slackNs;
    private final Cohorts cohorts;

    /** Goroutines that go on after a healthy request, by when it ended; those older than the slack are counted. */
    private final Deque<Goroutine> orphans = new ArrayDeque<>();

    Detachment(long slackNs, Cohorts cohorts) {
        this.slackNs = slackNs;
        this.cohorts = cohorts;
    }

    /** Its request is over, and had not expired. */
    void orphan(Goroutine member, long nowNs) {
        member.request = null;
        member.orphanSinceNs = nowNs;
        orphans.addLast(member);
        settle(nowNs);
    }

    /** It ended while its request went on, which had not expired. */
    void endedWithin(Goroutine member) {
        cohorts.of(member).withinRequest++;
    }

    /** A goroutine of no open request ended. */
    void ended(Goroutine g, long nowNs) {
        if (g.orphanSinceNs != Goroutine.UNKNOWN_NS) {
            resolve(g, nowNs);
        }
    }

    /** It works for several requests. */
    void shared(Goroutine g) {
        cohorts.of(g).outlivedRequest++;
    }

    /** It woke one of its own request, which waited for it. */
    void handedOver(Goroutine g) {
        cohorts.of(g).handedOver++;
    }

    /** One of its kind woke its own request. */
    boolean isAwaited(Goroutine g) {
        return cohorts.of(g).handedOver > 0;
    }

    boolean isDetached(Goroutine g, long nowNs) {
        settle(nowNs);
        Cohort cohort = cohorts.of(g);
        long known = cohort.outlivedRequest + cohort.withinRequest;
        // One that was only ever started once may be the process's own: nothing shows that requests wait for its like.
        boolean once = known == 0 && cohort.created <= 1;
        boolean unawaited = known >= MIN_UNAWAITED && cohort.handedOver == 0;
        return once || unawaited || cohort.outlivedRequest * 4 > known || g.start.contains(SINGLE_FLIGHT);
    }

    private void settle(long nowNs) {
        while (!orphans.isEmpty()) {
            Goroutine oldest = orphans.peekFirst();
            if (oldest.orphanSinceNs != Goroutine.UNKNOWN_NS) {
                if (nowNs - oldest.orphanSinceNs <= slackNs) {
                    return;
                }
                resolve(oldest, nowNs);
            }
            orphans.removeFirst();
        }
    }

    private void resolve(Goroutine g, long nowNs) {
        Cohort cohort = cohorts.of(g);
        if (nowNs - g.orphanSinceNs > slackNs) {
            cohort.outlivedRequest++;
        } else {
            cohort.withinRequest++;
        }
        g.orphanSinceNs = Goroutine.UNKNOWN_NS;
    }

    /** What they did since is not known, or the process is another. */
    void forget() {
        orphans.forEach(g -> g.orphanSinceNs = Goroutine.UNKNOWN_NS);
        orphans.clear();
    }

    /** Takes up where a stored state left off. */
    void restore(LongMap<Goroutine> goroutines) {
        List<Goroutine> stored = new ArrayList<>();
        goroutines.forEachSorted(g -> {
            if (g.orphanSinceNs != Goroutine.UNKNOWN_NS) {
                stored.add(g);
            }
        });
        stored.sort(Comparator.comparingLong(g -> g.orphanSinceNs));
        orphans.addAll(stored);
    }
}
