package io.unpark.analysis.request;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.place.UserCode;

/**
 * What the judgement of joined requests hangs on, beside the segments.
 *
 * @param configHash of the whole configuration, on every finding
 */
public record RequestRules(UserCode userCode, String configHash, AnalysisConfig config) {

    /** Those of a configuration. */
    public static RequestRules of(AnalysisConfig config) {
        return new RequestRules(UserCode.of(config.userPackages()), config.hash(), config);
    }

    /** The thresholds for a segment's service and route. */
    AnalysisConfig at(RequestSegment segment) {
        return config.scoped(segment.instance().service(), segment.route());
    }
}
