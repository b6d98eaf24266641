package io.unpark.analysis.instance;

/** What is usual for a kind of goroutine, learnt at the ends of generations while there was no surge. */
final class Usual {
    /** Ends of generations after which it says something. */
    private static final int KNOWN_AFTER = 3;

    /** The most that lived at the end of a generation. */
    long alive;

    /** The longest life of one that ended. */
    long lifeNs;

    /** Ends of generations seen with goroutines of the kind; counted up to the number that is needed. */
    int seen;

    /** What lives now is not usual. */
    boolean surging;

    /** The longest life that ended within the current generation; not part of the state between generations. */
    long longestLifeNs;

    boolean isKnown() {
        return seen >= KNOWN_AFTER;
    }

    void ended(long lifeNs) {
        longestLifeNs = Math.max(longestLifeNs, lifeNs);
    }

    /** A generation ends without a surge. */
    void settle(long aliveNow) {
        if (surging) {
            surging = false; // what ended in this generation belonged to the surge
            return;
        }
        seen = Math.min(KNOWN_AFTER, seen + 1);
        alive = Math.max(alive, aliveNow);
        lifeNs = Math.max(lifeNs, longestLifeNs);
    }
}
