import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceCorrelator;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.StatePage;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.trace.GenerationSplitter;
import io.unpark.trace.RawGeneration;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What an instance's state costs: for every generation of a trace, how long decoding and judging took, how long it took to
 * write what had changed, and how much that was: in the first one all of it. The trace is taken several
 * times by new correlators, as the JVM has to warm up; the last time is printed.
 */
public final class Snapshot {
    private static final int ROUNDS = 6;

    public static void main(String[] args) throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            take(Path.of(args[0]), round == ROUNDS);
        }
    }

    private static void take(Path trace, boolean print) throws Exception {
        Instance instance = new Instance("", "crowd", "crowd-1", "");
        InstanceCorrelator correlator = new InstanceCorrelator(instance, AnalysisConfig.DEFAULTS);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(trace), 1 << 20)) {
            GenerationSplitter splitter = GenerationSplitter.open(in);
            int sequence = 0;
            for (RawGeneration it = splitter.next(); it != null; it = splitter.next()) {
                long beganNs = System.nanoTime();
                InstanceOutput judged = correlator
                        .process(new GenerationInput(
                                splitter.header().goMinor(),
                                "c",
                                sequence++,
                                it.generation(),
                                0,
                                -1,
                                it.bytes(),
                                new ChunkRef("", 0, 0, "c", it.generation()),
                                trace.getFileName().toString()))
                        .orElseThrow();
                long judgedNs = System.nanoTime();
                List<StatePage> changed = correlator.dirtyPages();
                long writtenNs = System.nanoTime();
                if (print) {
                    System.out.printf(
                            "generation %d: %d bytes, %d goroutines, %d requests open: judged in %.1f ms, %d pages written in %.1f ms,"
                                    + " %d bytes%n",
                            it.generation(),
                            it.bytes().remaining(),
                            judged.window().goroutines(),
                            judged.segments().stream().filter(RequestSegment::endTruncated).count(),
                            (judgedNs - beganNs) / 1e6,
                            changed.size(),
                            (writtenNs - judgedNs) / 1e6,
                            size(changed));
                }
            }
        }
    }

    private static long size(List<StatePage> pages) {
        return pages.stream().mapToLong(page -> page.bytes().length).sum();
    }

    private Snapshot() {}
}
