package io.unpark.ingest.capture;

import java.time.Duration;

/**
 * What bounds captures on demand.
 *
 * @param maxSeconds longest trace that may be asked for; an agent takes no longer one either
 * @param maxAgentsAsked agents that one request may ask
 * @param maxOpen captures that are not done yet
 * @param maxRemembered captures that can still be looked at
 * @param remembered so long after they were asked for
 * @param maxAgents agents that may ask for work
 * @param maxParked of those, how many may wait for an answer at once
 * @param heardWithin an agent that asked for work longer ago than this is away
 * @param longestWait an agent's question is held for no longer than this; below the idle limit of servers and proxies
 * @param takenWithin a request that its agent has not taken by then has expired
 * @param cooldown least time between the end of one capture of a process and the next one
 * @param settle nothing came for so long: it was all
 * @param silentAfter nothing came at all, so long after the trace's end: nothing will
 */
public record CaptureLimits(
        int maxSeconds,
        int maxAgentsAsked,
        int maxOpen,
        int maxRemembered,
        Duration remembered,
        int maxAgents,
        int maxParked,
        Duration heardWithin,
        Duration longestWait,
        Duration takenWithin,
        Duration cooldown,
        Duration settle,
        Duration silentAfter) {

    /** As documented. */
    public static final CaptureLimits DEFAULT = new CaptureLimits(
            60,
            32,
            100,
            1_000,
            Duration.ofHours(1),
            20_000,
            5_000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(25),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));
}
