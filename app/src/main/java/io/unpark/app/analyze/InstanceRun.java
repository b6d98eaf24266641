package io.unpark.app.analyze;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.LaneSums;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.order.Arrival;
import io.unpark.analysis.order.ArrivalOrder;
import io.unpark.analysis.order.OrderLimits;
import io.unpark.analysis.order.Step;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.TraceFormatException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generations of one instance, in the same order and by the same rules as a task of the pipeline judges them: one that is
 * refused costs itself only.
 */
final class InstanceRun {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceRun.class);

    /** Of generations that wait for one before them; files are in order, so that this is hardly ever used. */
    private static final long MAX_HELD_BYTES = 128L << 20;

    private final Instance instance;
    private final AnalysisConfig config;
    private final DetectorSet detectors;
    private final DetectorFaults faults;
    private final Consumer<InstanceOutput> output;
    private final ArrivalOrder order;
    private final LaneSums sums = new LaneSums(new MemorySums());
    private final Map<Integer, LaneRun> lanes = new TreeMap<>();
    private final Map<String, GenerationInput> held = new HashMap<>();

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
        this.order = ArrivalOrder.empty(new OrderLimits(config.reorderGenerations(), MAX_HELD_BYTES));
    }

    /** Another file of the instance: counts from 0 again. */
    void begin() {
        analysed = 0;
        refused = 0;
        problem = "";
    }

    /** The file is over: what waits for a generation that it does not have goes on without it. */
    void end() {
        order.flush();
        work();
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
                JoinedParts.of(parts.stream().map(TraceChunk::getBytes).toList()),
                ref,
                input);
        Arrival arrival = new Arrival(
                first.getCapture(),
                first.getSequence(),
                first.getGeneration(),
                0,
                1,
                first.getLast(),
                generation.bytes().remaining(),
                0);
        switch (order.take(arrival)) {
            case TAKEN -> {
                held.put(key(first.getCapture(), first.getGeneration()), generation);
                work();
            }
            case DUPLICATE -> analysed++;
            case LATE, CONTRADICTION -> refuse(generation, "it comes after others that were judged without it");
        }
    }

    private static String key(String capture, long generation) {
        return capture + "/" + generation;
    }

    private void work() {
        for (Optional<Step> step = order.next(); step.isPresent(); step = order.next()) {
            if (step.get() instanceof Step.Judge judge) {
                judge(judge, held.remove(key(judge.capture(), judge.generation())));
            } else if (step.get() instanceof Step.CloseLane closed) {
                lanes.remove(closed.lane());
                sums.close(closed.lane());
            }
        }
    }

    private void judge(Step.Judge step, GenerationInput generation) {
        LaneRun lane = lanes.computeIfAbsent(step.lane(), number -> new LaneRun(instance, config, detectors, faults));
        try {
            Optional<InstanceOutput> judged = lane.judge(generation);
            analysed++;
            judged.ifPresent(it -> output.accept(new InstanceOutput(
                    sums.sum(step.lane(), it.findings()), it.segments(), it.window(), it.routes(), it.profile())));
            return;
        } catch (TraceFormatException e) {
            refuse(generation, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: generation {} made the analysis fail", generation.input(), generation.generation(), e);
            refuse(generation, "the analysis failed, which is a fault of Unpark: " + e);
        }
        lane.restore();
        order.refused(step);
    }

    private void refuse(GenerationInput generation, String why) {
        refused++;
        if (problem.isEmpty()) {
            problem = "generation " + generation.generation() + ": " + why;
        }
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
