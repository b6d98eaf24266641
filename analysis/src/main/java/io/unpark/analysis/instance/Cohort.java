package io.unpark.analysis.instance;

/**
 * All goroutines of one start function and creation stack, dead and alive, since the trace began: what the living ones are
 * compared with.
 */
final class Cohort extends KeptByContent {
    /** Creation seen. */
    long created;

    /** Of those (or of older ones) ended. */
    long ended;

    long lastCreatedNs = Long.MIN_VALUE;

    /** The longest life of one that ended; its creation was seen. */
    long longestLifeNs;

    /** Ended later than the request that created it, though that had not expired: detached by design. */
    long outlivedRequest;

    final Usual usual = new Usual();

    /** Those of them that live; too many when generations are missing. */
    long alive() {
        return created - ended;
    }

    /** Ended with the request that created it, or soon after, and that had not expired: a part of it. */
    long withinRequest;

    /** Of them or those that ended, how often one woke its own request: somebody there waits for them. */
    long handedOver;

    void created(long nowNs) {
        created++;
        lastCreatedNs = Math.max(lastCreatedNs, nowNs);
    }

    void ended(long createdNs, long nowNs) {
        ended++;
        if (createdNs != Goroutine.UNKNOWN_NS) {
            livedUntil(createdNs, nowNs);
            usual.ended(nowNs - createdNs);
        }
    }

    /** One lived for so long, or for longer. */
    void livedUntil(long createdNs, long nowNs) {
        longestLifeNs = Math.max(longestLifeNs, nowNs - createdNs);
    }
}
