package io.unpark.streams;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceCorrelator;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.StatePage;
import io.unpark.analysis.place.UserCode;
import io.unpark.analysis.race.RaceDetector;
import io.unpark.analysis.race.RaceJudge;
import io.unpark.analysis.request.JoinDetector;
import io.unpark.analysis.request.RequestRules;
import io.unpark.trace.TraceFormatException;
import java.util.List;
import java.util.Optional;

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
        DetectorFaults faults = new DetectorFaults();
        return new AnalysisSettings(
                (instance, pages) ->
                        new Correlator(InstanceCorrelator.restore(instance, config, detectors, faults, pages)),
                UserCode.of(config.userPackages()),
                config,
                config.hash(),
                RequestRules.of(config),
                config.reorderGenerations(),
                JoinDetector.STANDARD,
                RaceJudge::judge,
                faults);
    }

    private record Correlator(InstanceCorrelator correlator) implements GenerationJudge {
        @Override
        public Optional<InstanceOutput> process(GenerationInput input) throws TraceFormatException {
            return correlator.process(input);
        }

        @Override
        public List<StatePage> dirtyPages() {
            return correlator.dirtyPages();
        }
    }
}
