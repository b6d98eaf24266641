package io.unpark.analysis;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.testkit.Corpus;
import io.unpark.trace.TraceFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Recordings analysed in order: each once in a test run, since several tests look at the same results. */
public final class Analysed {
    private static final Map<String, Result> SCENARIOS = new TreeMap<>();
    private static List<Result> corpus;

    private Analysed() {}

    /** What one scenario, or one trace of the corpus, gave. */
    public record Result(
            String name, List<Anomaly> anomalies, List<RequestSegment> segments, Map<String, Long> detectorErrors) {
        @Override
        public String toString() {
            return name;
        }
    }

    public static synchronized Result of(Recordings.Scenario scenario) {
        return SCENARIOS.computeIfAbsent(scenario.name(), name -> run(name, scenario.tapes()));
    }

    /** Every trace of the recorded corpus by itself; empty when there is no corpus. */
    public static synchronized List<Result> corpus() {
        if (corpus == null) {
            corpus = new ArrayList<>();
            try {
                for (Path file : Corpus.traces()) {
                    String name = file.getFileName().toString().replaceFirst("\\.trace\\.xz$", "");
                    Recordings.Tape tape = new Recordings.Tape(new Instance("", name, name, ""), file);
                    corpus.add(run(name, List.of(tape)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return corpus;
    }

    private static Result run(String name, List<Recordings.Tape> tapes) {
        Joined joined = new Joined(AnalysisConfig.DEFAULTS);
        List<RequestSegment> segments = new ArrayList<>();
        Map<String, Long> errors = new TreeMap<>();
        for (Recordings.Tape tape : tapes) {
            InstanceFeed feed = new InstanceFeed(tape.instance(), AnalysisConfig.DEFAULTS);
            try {
                for (InstanceOutput output : feed.takeAll("c-" + name, tape.generations())) {
                    joined.output(output);
                    segments.addAll(output.segments());
                }
            } catch (TraceFormatException e) {
                throw new AssertionError(tape + ": " + e.getMessage(), e);
            }
            errors.putAll(feed.detectorErrors());
        }
        return new Result(name, joined.anomalies(), segments, errors);
    }
}
