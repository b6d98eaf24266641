package io.unpark.streams;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.place.UserCode;
import io.unpark.analysis.race.RaceDetector;
import io.unpark.analysis.race.RaceJudge;
import io.unpark.analysis.request.JoinDetector;
import io.unpark.analysis.request.RequestRules;

/**
 * What the analysis needs to know, the same for {@code analyze} and for the pipeline.
 *
 * @param judges makes the correlator of an instance
 * @param config the thresholds in force
 * @param configHash of them, on every finding
 * @param requestRules for what is judged over the services of a request
 * @param reorderGenerations how far out of order chunks are put right
 * @param faults gets what detectors throw
 */
record AnalysisSettings(
        GenerationJudge.Restorer judges,
        UserCode userCode,
        AnalysisConfig config,
        String configHash,
        RequestRules requestRules,
        int reorderGenerations,
        JoinDetector joiner,
        RaceDetector races,
        DetectorFaults faults) {
    static AnalysisSettings of(AnalysisConfig config) {
        return of(config, DetectorSet.STANDARD);
    }

    static AnalysisSettings of(AnalysisConfig config, DetectorSet detectors) {
        return of(config, detectors, false);
    }

    /** @param decodeAhead see {@link StandardJudges} */
    static AnalysisSettings of(AnalysisConfig config, DetectorSet detectors, boolean decodeAhead) {
        DetectorFaults faults = new DetectorFaults();
        return new AnalysisSettings(
                new StandardJudges(config, detectors, faults, decodeAhead),
                UserCode.of(config.userPackages()),
                config,
                config.hash(),
                RequestRules.of(config),
                config.reorderGenerations(),
                JoinDetector.STANDARD,
                RaceJudge::judge,
                faults);
    }
}
