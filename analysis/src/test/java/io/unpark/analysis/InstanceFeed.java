package io.unpark.analysis;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceCorrelator;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.StatePage;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Instance;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One instance's correlator with a store of pages as Kafka's would be: what is dirty is put, what is empty is deleted. */
public final class InstanceFeed {
    private final Instance instance;
    private final AnalysisConfig config;
    private final DetectorSet detectors;
    private final DetectorFaults faults;
    private final Map<String, StatePage> store = new TreeMap<>();
    private InstanceCorrelator correlator;
    private List<StatePage> lastDirty = List.of();

    public InstanceFeed(Instance instance, AnalysisConfig config) {
        this(instance, config, DetectorSet.STANDARD, new DetectorFaults());
    }

    public InstanceFeed(Instance instance, AnalysisConfig config, DetectorSet detectors, DetectorFaults faults) {
        this.instance = instance;
        this.config = config;
        this.detectors = detectors;
        this.faults = faults;
        this.correlator = new InstanceCorrelator(instance, config, detectors, faults);
    }

    public Instance instance() {
        return instance;
    }

    /** The next generation of a capture, taken and stored; empty for one that was taken before. */
    public Optional<InstanceOutput> take(String capture, int goMinor, RawGeneration generation)
            throws TraceFormatException {
        Optional<InstanceOutput> output = correlator.process(new GenerationInput(
                goMinor,
                capture,
                generation.generation() - 1,
                generation.generation(),
                0,
                -1,
                generation.bytes(),
                new ChunkRef("", -1, -1, capture, generation.generation()),
                instance.service() + ".trace"));
        lastDirty = correlator.dirtyPages();
        for (StatePage page : lastDirty) {
            if (page.bytes().length == 0) {
                store.remove(page.kind() + "/" + page.number());
            } else {
                store.put(page.kind() + "/" + page.number(), page);
            }
        }
        return output;
    }

    /** All generations of one capture, in order, without a restart. */
    public List<InstanceOutput> takeAll(String capture, Recordings.Generations generations)
            throws TraceFormatException {
        List<InstanceOutput> outputs = new ArrayList<>();
        for (RawGeneration generation : generations.list()) {
            take(capture, generations.goMinor(), generation).ifPresent(outputs::add);
        }
        return outputs;
    }

    /** As after a crash: what is not in the store is gone. */
    public void restart() {
        correlator = InstanceCorrelator.restore(instance, config, detectors, faults, store.values());
    }

    /** What the last generation made dirty. */
    public List<StatePage> lastDirty() {
        return lastDirty;
    }

    /** Bytes in the store. */
    public long storedBytes() {
        return store.values().stream().mapToLong(page -> page.bytes().length).sum();
    }

    public Map<String, Long> detectorErrors() {
        return correlator.detectorErrors();
    }
}
