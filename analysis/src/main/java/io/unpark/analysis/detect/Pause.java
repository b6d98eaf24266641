package io.unpark.analysis.detect;

import io.unpark.analysis.model.Stack;

/**
 * The world was stopped once.
 *
 * @param kind the runtime's name for why, such as {@code GC sweep termination} or {@code read mem stats}
 * @param lengthNs from the request to stop until the world went on
 * @param stoppingNs of that, until the last goroutine that ran had stopped; 0 when none had to
 * @param asker where the goroutine was that stopped it
 * @param lastRunner where the last goroutine was that had to stop; EMPTY when none had to
 * @param openRequests requests that were open when it ended
 */
public record Pause(String kind, long lengthNs, long stoppingNs, Stack asker, Stack lastRunner, int openRequests) {

    /** The collector stops the world by itself; everything else somebody's code asked for. */
    boolean isCollector() {
        return kind.startsWith("GC ");
    }

    /** Tracing itself stops the world when it begins and ends. */
    boolean isTracing() {
        return kind.equals("start trace") || kind.equals("stop trace");
    }

    /** Most of it went by until one goroutine stopped. */
    boolean isHeldUp() {
        return !lastRunner.isEmpty() && stoppingNs * 2 > lengthNs;
    }
}
