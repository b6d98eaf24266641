package io.unpark.app.analyze;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceCorrelator;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.StatePage;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Instance;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.TraceFormatException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generations of one instance, one after the other, as a task of the pipeline judges them: one that is refused costs itself
 * only, since the state is restored from what the generation before it left.
 */
final class InstanceRun {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceRun.class);

    private final Instance instance;
    private final AnalysisConfig config;
    private final DetectorSet detectors;
    private final DetectorFaults faults;
    private final Consumer<InstanceOutput> output;
    private final Map<String, StatePage> pages = new TreeMap<>();
    private InstanceCorrelator correlator;

    private int analysed;
    private int refused;
    private String problem = "";

    InstanceRun(
            Instance instance,
            AnalysisConfig config,
            DetectorSet detectors,
            DetectorFaults faults,
            Consumer<InstanceOutput> output) {
        this.instance = instance;
        this.config = config;
        this.detectors = detectors;
        this.faults = faults;
        this.output = output;
        this.correlator = new InstanceCorrelator(instance, config, detectors, faults);
    }

    /** Another file of the instance: counts from 0 again. */
    void begin() {
        analysed = 0;
        refused = 0;
        problem = "";
    }

    /** The parts of one generation, in order. */
    void take(List<TraceChunk> parts, String input) {
        TraceChunk first = parts.get(0);
        ChunkRef ref = new ChunkRef("", 0, 0, first.getCapture(), first.getGeneration());
        GenerationInput generation = new GenerationInput(
                first.getGoMinor(),
                first.getCapture(),
                first.getSequence(),
                first.getGeneration(),
                first.getCapturedUnixNs(),
                first.getClockErrorNs(),
                joined(parts),
                ref,
                input);
        try {
            judge(generation);
        } catch (TraceFormatException e) {
            refuse(generation, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: generation {} made the analysis fail", input, generation.generation(), e);
            refuse(generation, "the analysis failed, which is a fault of Unpark: " + e);
        }
    }

    private void judge(GenerationInput generation) throws TraceFormatException {
        Optional<InstanceOutput> judged = correlator.process(generation);
        for (StatePage page : correlator.dirtyPages()) {
            keep(page);
        }
        analysed++;
        judged.ifPresent(output);
    }

    private void keep(StatePage page) {
        String key = page.kind() + "/" + page.number();
        if (page.bytes().length == 0) {
            pages.remove(key);
        } else {
            pages.put(key, page);
        }
    }

    private void refuse(GenerationInput generation, String why) {
        refused++;
        if (problem.isEmpty()) {
            problem = "generation " + generation.generation() + ": " + why;
        }
        correlator = InstanceCorrelator.restore(instance, config, detectors, faults, pages.values());
    }

    private static ByteBuffer joined(List<TraceChunk> parts) {
        if (parts.size() == 1) {
            return parts.get(0).getBytes();
        }
        int length =
                parts.stream().mapToInt(part -> part.getBytes().remaining()).sum();
        ByteBuffer whole = ByteBuffer.allocate(length);
        parts.forEach(part -> whole.put(part.getBytes().duplicate()));
        return whole.flip();
    }

    /** Whole generations judged since {@link #begin}. */
    int analysed() {
        return analysed;
    }

    /** Whole generations refused since {@link #begin}. */
    int refused() {
        return refused;
    }

    /** Why the first of them was refused; "" when none was. */
    String problem() {
        return problem;
    }
}
