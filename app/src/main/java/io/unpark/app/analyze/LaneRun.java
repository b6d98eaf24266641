package io.unpark.app.analyze;

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
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceLimits;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One correlator: a generation that is refused costs itself only, since the state is restored from what the one before it left. */
final class LaneRun {
    private final Instance instance;
    private final AnalysisConfig config;
    private final DetectorSet detectors;
    private final DetectorFaults faults;
    private final Map<String, StatePage> pages = new TreeMap<>();
    private InstanceCorrelator correlator;

    LaneRun(Instance instance, AnalysisConfig config, DetectorSet detectors, DetectorFaults faults) {
        this.instance = instance;
        this.config = config;
        this.detectors = detectors;
        this.faults = faults;
        this.correlator = new InstanceCorrelator(instance, config, detectors, faults).decodedBy(LaneRun::decoder);
    }

    /** Decoding goes on while the correlator follows what was decoded: each is about half of the work. */
    private static DecodesGenerations decoder(int goMinor) {
        return new AheadDecoder(goMinor, TraceLimits.defaults());
    }

    Optional<InstanceOutput> judge(GenerationInput generation) throws TraceFormatException {
        Optional<InstanceOutput> judged = correlator.process(generation);
        for (StatePage page : correlator.dirtyPages()) {
            String key = page.kind() + "/" + page.number();
            if (page.bytes().length == 0) {
                pages.remove(key);
            } else {
                pages.put(key, page);
            }
        }
        return judged;
    }

    /** As before the generation that was refused. */
    void restore() {
        correlator = InstanceCorrelator.restore(instance, config, detectors, faults, pages.values())
                .decodedBy(LaneRun::decoder);
    }
}
