package io.unpark.analysis.request;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.place.UserCode;
import java.util.Set;

/**
 * What the judgement of joined requests hangs on, beside the segments.
 *
 * @param configHash of the whole configuration, on every finding
 * @param missingDeadlineNs a request without any deadline that takes longer than this is told of
 * @param clockErrorNs two hosts' clocks may differ by as much: what lies within is nobody's fault
 * @param longPollRoutes routes whose requests are meant to be long
 */
public record RequestRules(
        UserCode userCode, String configHash, long missingDeadlineNs, long clockErrorNs, Set<String> longPollRoutes) {

    public RequestRules {
        longPollRoutes = Set.copyOf(longPollRoutes);
    }

    /** Those of a configuration. */
    public static RequestRules of(AnalysisConfig config) {
        return new RequestRules(
                UserCode.of(config.userPackages()),
                config.hash(),
                config.missingDeadlineNs(),
                config.clockErrorNs(),
                config.longPollRoutes());
    }

    /** The same limits, for another notion of the user's code. */
    RequestRules with(UserCode otherCode, String otherHash) {
        return new RequestRules(otherCode, otherHash, missingDeadlineNs, clockErrorNs, longPollRoutes);
    }
}
