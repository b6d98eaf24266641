package io.unpark.analysis.request;

import io.unpark.analysis.model.RequestSegment;

/** Phrases about a request's time. */
final class DeadlineText {
    private static final long NS_PER_MS = 1_000_000;

    private DeadlineText() {}

    /** Whole milliseconds, rounded down. */
    static String ms(long durationNs) {
        return Math.floorDiv(durationNs, NS_PER_MS) + " ms";
    }

    static long durationNs(RequestSegment segment) {
        return Math.max(0, segment.endNs() - segment.startNs());
    }

    /** How it ended, as the end of a sentence: "" when it kept to the deadline that it did not know. */
    static String end(RequestSegment segment, long deadlineNs) {
        long pastNs = segment.endNs() - deadlineNs;
        if (pastNs <= 0) {
            return "";
        }
        return "; it went on for " + (segment.endTruncated() ? "at least " : "") + ms(pastNs) + " past it";
    }
}
