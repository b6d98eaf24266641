package io.unpark.streams;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceCorrelator;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.StatePage;
import io.unpark.analysis.place.UserCode;
import io.unpark.analysis.request.RequestRules;
import io.unpark.trace.TraceFormatException;
import java.util.List;
import java.util.Optional;

/**
 * What the analysis needs to know, the same for {@code analyze} and for the pipeline.
 *
 * @param judges makes the correlator of an instance
 * @param configHash of the thresholds in force, on every finding
 * @param requestRules for what is judged over the services of a request
 */
record AnalysisSettings(
        GenerationJudge.Restorer judges, UserCode userCode, String configHash, RequestRules requestRules) {
    static AnalysisSettings of(AnalysisConfig config) {
        return new AnalysisSettings(
                (instance, pages) -> new Correlator(InstanceCorrelator.restore(instance, config, pages)),
                UserCode.of(config.userPackages()),
                config.hash(),
                RequestRules.of(config));
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
