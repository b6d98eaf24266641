package io.unpark.app;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Recordings.Recording;
import io.unpark.app.demo.Recordings.Scenario;
import io.unpark.ingest.BrokerException;
import io.unpark.ingest.ChunkProducer;
import io.unpark.ingest.Decompression;
import io.unpark.ingest.RaceLogLimits;
import io.unpark.ingest.RaceLogParser;
import io.unpark.ingest.TraceIntake;
import io.unpark.ingest.TraceSource;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.testkit.Corpus;
import io.unpark.trace.TraceLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Recordings as the collector cuts them, in steps of one generation each, out of order, all instances interleaved. */
final class Feed {
    private Feed() {}

    /** Something that is sent, and sent again when that failed. */
    interface Step {
        void send() throws IOException;
    }

    /** The demo's recordings, and the corpus' traces where it is there, each a service of its own. */
    static Recordings everything() throws IOException {
        Recordings demo = Recordings.load(DemoManifest.folder());
        List<Scenario> scenarios = new ArrayList<>(demo.scenarios());
        List<Recording> corpus = new ArrayList<>();
        for (Path trace : Corpus.traces()) {
            String folder = trace.getParent().getFileName().toString();
            String name = folder + "-" + trace.getFileName().toString().replace(".trace.xz", "");
            corpus.add(new Recording(name, name, trace));
        }
        scenarios.add(new Scenario("corpus", corpus, List.of()));
        return new Recordings(demo.recordedAt(), scenarios);
    }

    /** Some of the demo's scenarios. */
    static Recordings demo(String... scenarios) {
        Recordings all = Recordings.load(DemoManifest.folder());
        List<String> wanted = List.of(scenarios);
        return new Recordings(
                all.recordedAt(),
                all.scenarios().stream()
                        .filter(scenario -> wanted.contains(scenario.name()))
                        .toList());
    }

    static List<Step> steps(Recordings recordings, ChunkProducer producer) throws IOException {
        List<List<Step>> byFile = new ArrayList<>();
        for (Scenario scenario : recordings.scenarios()) {
            for (Recording trace : scenario.traces()) {
                List<Step> file = new ArrayList<>();
                generations(trace, recordings.recordedUnixNs()).forEach(it -> file.add(() -> producer.accept(it)));
                byFile.add(disordered(file));
            }
            for (Recording log : scenario.races()) {
                List<RaceReport> reports = reports(log, recordings.recordedUnixNs());
                byFile.add(List.of(() -> producer.acceptReports(reports)));
            }
        }
        return interleaved(byFile);
    }

    /** Generations change places, as far as the bound allows: the pipeline puts them right. Always the same way. */
    private static List<Step> disordered(List<Step> file) {
        Random random = new Random(file.size());
        TreeMap<Double, Step> byArrival = new TreeMap<>();
        for (int i = 0; i < file.size(); i++) {
            byArrival.put(i + random.nextDouble() * AnalysisConfig.DEFAULTS.reorderGenerations(), file.get(i));
        }
        return List.copyOf(byArrival.values());
    }

    private static List<Step> interleaved(List<List<Step>> byFile) {
        List<Step> steps = new ArrayList<>();
        int longest = byFile.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (List<Step> file : byFile) {
                if (i < file.size()) {
                    steps.add(file.get(i));
                }
            }
        }
        return steps;
    }

    private static List<List<TraceChunk>> generations(Recording trace, long recordedUnixNs) throws IOException {
        List<List<TraceChunk>> generations = new ArrayList<>();
        TraceSource source = TraceSource.ofFile(trace.service(), Optional.of(trace.instance()), recordedUnixNs);
        try (InputStream in = open(trace)) {
            new TraceIntake(source, TraceLimits.defaults(), parts -> generations.add(List.copyOf(parts))).run(in);
        } catch (BrokerException e) {
            throw new AssertionError("nothing is sent here", e);
        }
        return generations;
    }

    private static List<RaceReport> reports(Recording log, long recordedUnixNs) throws IOException {
        List<RaceReport> found = new ArrayList<>();
        Instance instance = new Instance("", log.service(), log.instance(), "");
        try (InputStream in = open(log)) {
            RaceLogParser.parse(in, instance, recordedUnixNs, RaceLogLimits.DEFAULT, found::add);
        }
        return found;
    }

    private static InputStream open(Recording recording) throws IOException {
        return Decompression.open(Files.newInputStream(recording.file()), Decompression.Limits.DEFAULT);
    }
}
