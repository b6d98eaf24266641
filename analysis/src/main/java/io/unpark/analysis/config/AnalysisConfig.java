package io.unpark.analysis.config;

import io.unpark.analysis.model.Ids;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every threshold of the analysis. The same values give the same findings: {@link #hash} is on each of them.
 *
 * @param leakMinWaitNs a goroutine that waits for less is not judged as leaked
 * @param blockedRequestNs one wait, or the sum of one reason, in a request beyond this is too long
 * @param contentionMinWaitNs waits at one lock within a window, summed, below this are no contention
 * @param contentionMinWaiters goroutines that waited at it
 * @param schedLatencyP99Ns ready goroutines wait for longer than this at the 99th percentile
 * @param schedLatencyMinSamples goroutine starts in a window below which nothing is judged
 * @param gcSharePermille share of the CPU time used that the collector takes, GC workers and assists; a fifth of it, by assists
 *     alone
 * @param gcMinBusyPermille of the Ps' time, below which a process is idle and its share says nothing
 * @param deadlineSlackNs work that goes on for less than this after a deadline is not blamed
 * @param stwPauseNs a stop of the world as long as this is felt
 * @param surgeMinGoroutines fewer goroutines of one kind are no surge
 * @param surgeFactor so many times as many as there ever were
 * @param surgeMinAgeNs a crowd whose oldest is younger is a burst
 * @param slowMinNs a shorter request is never called slow
 * @param slowFactor so many times its route's usual p99 is slow
 * @param slowMinRequests requests of a route before anything is usual
 * @param missingDeadlineNs a request without any deadline that takes longer is told of
 * @param clockErrorNs two hosts' clocks may differ by as much: a deadline's fault within it is nobody's
 * @param slowestRequests so many of a route and minute are kept although nothing is found about them
 * @param logKeys what else than our own format says something of requests
 * @param longPollRoutes routes (exact) whose waits are meant to be long
 * @param userPackages import path prefixes of the user's code; empty: everything that is not known infrastructure
 * @param reorderGenerations chunks of one capture that come in another order are put right within so many generations
 * @param growth of what rises from profile to profile
 * @param overrides what is said for some services and routes only
 */
public record AnalysisConfig(
        long leakMinWaitNs,
        long blockedRequestNs,
        long contentionMinWaitNs,
        int contentionMinWaiters,
        long schedLatencyP99Ns,
        int schedLatencyMinSamples,
        int gcSharePermille,
        int gcMinBusyPermille,
        long deadlineSlackNs,
        long stwPauseNs,
        int surgeMinGoroutines,
        int surgeFactor,
        long surgeMinAgeNs,
        long slowMinNs,
        int slowFactor,
        int slowMinRequests,
        long missingDeadlineNs,
        long clockErrorNs,
        int slowestRequests,
        LogKeys logKeys,
        Set<String> longPollRoutes,
        List<String> userPackages,
        int reorderGenerations,
        GrowthThresholds growth,
        Overrides overrides) {

    /** What holds when nothing is configured. */
    public static final AnalysisConfig DEFAULTS = ConfigReader.config(Map.of(), Overrides.NONE);

    public AnalysisConfig {
        longPollRoutes = Set.copyOf(longPollRoutes);
        userPackages = List.copyOf(userPackages);
    }

    /**
     * The thresholds of one service's route; "" for a service's own. What does not depend on service and route is the same.
     * Findings carry the {@link #hash} of the whole, which is that of every scope.
     */
    public AnalysisConfig scoped(String service, String route) {
        return overrides.isEmpty() ? this : ConfigReader.config(overrides.settled(service, route), overrides);
    }

    /** Identifies the thresholds: equal configurations have equal hashes. */
    public String hash() {
        String sortedRoutes = String.join("\n", longPollRoutes.stream().sorted().toList());
        return Ids.hash(
                        "config",
                        String.valueOf(leakMinWaitNs),
                        String.valueOf(blockedRequestNs),
                        String.valueOf(contentionMinWaitNs),
                        String.valueOf(contentionMinWaiters),
                        String.valueOf(schedLatencyP99Ns),
                        String.valueOf(schedLatencyMinSamples),
                        String.valueOf(gcSharePermille),
                        String.valueOf(gcMinBusyPermille),
                        String.valueOf(deadlineSlackNs),
                        String.valueOf(stwPauseNs),
                        String.valueOf(surgeMinGoroutines),
                        String.valueOf(surgeFactor),
                        String.valueOf(surgeMinAgeNs),
                        String.valueOf(slowMinNs),
                        String.valueOf(slowFactor),
                        String.valueOf(slowMinRequests),
                        String.valueOf(missingDeadlineNs),
                        String.valueOf(clockErrorNs),
                        String.valueOf(slowestRequests),
                        logKeys.toString(),
                        sortedRoutes,
                        String.join("\n", userPackages),
                        String.valueOf(reorderGenerations),
                        growth.toString(),
                        String.join("\n", overrides.texts()))
                .substring(0, 12);
    }
}
