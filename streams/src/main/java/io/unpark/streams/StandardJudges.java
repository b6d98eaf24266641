package io.unpark.streams;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceCorrelator;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.StatePage;
import io.unpark.analysis.model.Instance;
import io.unpark.trace.AheadDecoder;
import io.unpark.trace.DecodesGenerations;
import io.unpark.trace.GenerationDecoder;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The correlators of this version. Those of a task share its decoders, since it judges one generation at a time: a decoder keeps the memory
 * that its largest generation took.
 */
final class StandardJudges implements GenerationJudge.Restorer {
    private final AnalysisConfig config;
    private final DetectorSet detectors;
    private final DetectorFaults faults;
    private final boolean ahead;
    /** By minor version of Go: a closed set, as others are refused before. */
    private final Map<Integer, DecodesGenerations> decoders = new HashMap<>();

    /** @param ahead large generations are decoded on a thread of their own, which pays where processors are left over */
    StandardJudges(AnalysisConfig config, DetectorSet detectors, DetectorFaults faults, boolean ahead) {
        this.config = config;
        this.detectors = detectors;
        this.faults = faults;
        this.ahead = ahead;
    }

    @Override
    public StandardJudges forTask() {
        return new StandardJudges(config, detectors, faults, ahead);
    }

    @Override
    public GenerationJudge restore(Instance instance, Iterable<StatePage> pages) {
        return new Judge(InstanceCorrelator.restore(instance, config, detectors, faults, pages)
                .decodedBy(minor -> decoders.computeIfAbsent(minor, this::decoder)));
    }

    private DecodesGenerations decoder(int goMinor) {
        TraceLimits limits = TraceLimits.defaults();
        return ahead ? new AheadDecoder(goMinor, limits) : new GenerationDecoder(goMinor, limits);
    }

    private record Judge(InstanceCorrelator correlator) implements GenerationJudge {
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
