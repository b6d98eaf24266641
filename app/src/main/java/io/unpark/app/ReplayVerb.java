package io.unpark.app;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.console.AnomalyTable;
import io.unpark.app.console.ExitCode;
import io.unpark.app.console.Progress;
import io.unpark.app.console.Stages;
import io.unpark.app.console.Terminal;
import io.unpark.app.console.UserError;
import io.unpark.app.process.Serving;
import io.unpark.app.replay.AnomalyDocument;
import io.unpark.app.replay.Comparison;
import io.unpark.app.replay.ComparisonPrinter;
import io.unpark.app.replay.FilePast;
import io.unpark.app.replay.Pace;
import io.unpark.app.replay.Past;
import io.unpark.app.replay.ReplayPlace;
import io.unpark.app.replay.ReplayRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark replay}: history through the pipeline, by its own time. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Sends recordings, an archive or a topic's past through the pipeline once more, and prints what is found. It has"
                        + " a group and topics of its own, <prefix>replay-<name>-..., and sends no notifications: production is"
                        + " not touched.",
        footer = {
            "",
            "  unpark replay --format jsonl archive/ > before.jsonl",
            "  unpark replay --config new.yaml --compare before.jsonl archive/",
            "  unpark replay --bootstrap kafka:9092 --registry http://registry:8081 \\",
            "      --topic go-trace-chunks --from 2026-11-01 --to 2026-11-02 --speed 10",
            "",
            "Exit code: 0 done; 2 the command line is wrong; 3 done, but some input was refused (see stderr)."
        })
final class ReplayVerb implements Callable<Integer> {
    private static final int MAX_THREADS = 1_000;
    private static final int MAX_PARTITIONS = 10_000;
    private static final int EMBEDDED_PARTITIONS = 2;
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-", Locale.ROOT).withZone(ZoneOffset.UTC);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReplayInput input;

    @Option(
            names = "--speed",
            paramLabel = "N|max",
            description = "How many times as fast as it was: 1 as recorded; max, as fast as it can, when left out.")
    private String speed = "max";

    @Option(names = "--format", paramLabel = "table|jsonl", description = "For people, or one JSON object a line.")
    private AnalyzeVerb.Format format = AnalyzeVerb.Format.TABLE;

    @Option(names = "--all", description = "Show what is only possible, too.")
    private boolean all;

    @Mixin
    private ReplayComparison comparison;

    @Mixin
    private ConfigFile config;

    @Mixin
    private ReplayCluster cluster;

    @Option(
            names = "--name",
            paramLabel = "TEXT",
            description = "Of this replay, within its names; made up when left out.")
    private String name;

    @Option(names = "--partitions", paramLabel = "N", description = "Of the replay's topics.")
    private Integer partitions;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that process; 2 when left out.")
    private int threads = 2;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where there is room for the stores and, without a cluster, for a copy of the input; deleted in"
                            + " the end. The system's temporary folder when left out.")
    private Path data;

    @Override
    public Integer call() throws InterruptedException {
        checkNumbers();
        input.check();
        Optional<Map<String, AnomalyDocument>> before = comparison.check();
        Optional<ReplayPlace> place =
                cluster.place(partitions == null ? OptionalInt.empty() : OptionalInt.of(partitions), config);
        if ((input.isTopics() || comparison.isTopic()) && !cluster.isReadable()) {
            throw UserError.usage("topics are read from a cluster: name it with --bootstrap and --registry");
        }
        ReplayRun.Settings settings = settings();
        PrintWriter err = spec.commandLine().getErr();
        Stages stages = new Stages(err, System::nanoTime);
        try (Serving serving = Serving.begin();
                ReplayRun run = start(place, settings, stages)) {
            Pace pace = Pace.of(speed, System::nanoTime, serving::awaitSignal);
            Progress[] progress = new Progress[1];
            try (Past past = input.open(place, total -> progress[0] = progress(err, total))) {
                stages.at("sending " + input.described());
                boolean isDone = run.send(past, pace);
                progress[0].end();
                stages.at("sent; waiting for the pipeline");
                if (!isDone || !run.awaitProcessed(serving::awaitSignal)) {
                    throw UserError.environment("asked to end before all was processed");
                }
                return report(run, past, place, before, stages);
            }
        }
    }

    private static Progress progress(PrintWriter err, long total) {
        return new Progress(err, Terminal.isStderrTerminal(), total, System::nanoTime);
    }

    private void checkNumbers() {
        if (threads < 1 || threads > MAX_THREADS) {
            throw UserError.usage("--threads takes 1 to " + MAX_THREADS);
        }
        if (partitions != null && (partitions < 1 || partitions > MAX_PARTITIONS)) {
            throw UserError.usage("--partitions takes 1 to " + MAX_PARTITIONS);
        }
        if (name != null && !name.matches("[a-zA-Z0-9_-]{1,40}")) {
            throw UserError.usage("--name takes up to 40 letters, digits, hyphens and underscores");
        }
        Pace.of(speed, System::nanoTime, atMost -> false);
    }

    private ReplayRun.Settings settings() {
        List<AnalysisConfig> configs = new ArrayList<>();
        configs.add(config.read(System.getenv()));
        comparison.config().ifPresent(configs::add);
        String chosen = name != null
                ? name
                : NAME.format(Instant.now()) + UUID.randomUUID().toString().substring(0, 6);
        return new ReplayRun.Settings(chosen, configs, threads, cluster.keeps(), Optional.ofNullable(data));
    }

    private ReplayRun start(Optional<ReplayPlace> place, ReplayRun.Settings settings, Stages stages) {
        int embedded = partitions == null ? EMBEDDED_PARTITIONS : partitions;
        return place.isPresent()
                ? ReplayRun.on(place.get(), settings, stages::at)
                : ReplayRun.embedded(embedded, settings, stages::at);
    }

    private int report(
            ReplayRun run,
            Past past,
            Optional<ReplayPlace> place,
            Optional<Map<String, AnomalyDocument>> before,
            Stages stages) {
        List<Map<String, AnomalyDocument>> found = run.anomalies();
        List<AnomalyDocument> standing = sorted(found.get(0), past);
        if (comparison.isAsked()) {
            Map<String, AnomalyDocument> other = before.orElseGet(
                    () -> comparison.isTopic() ? comparison.readTopic(place.orElseThrow()) : found.get(1));
            compare(shown(other), shown(found.get(0)));
        } else {
            print(standing.stream().filter(this::isShown).toList());
        }
        List<String> refusals = run.refusals();
        PrintWriter err = spec.commandLine().getErr();
        past.problems().forEach(problem -> err.println("refused: " + problem));
        refusals.forEach(problem -> err.println("refused: " + problem));
        if (run.requestsLetGo() > 0) {
            err.println("note: more requests than are held at a time; " + run.requestsLetGo()
                    + " may have been judged in parts");
        }
        long possible = standing.stream().filter(it -> !isShown(it)).count();
        stages.at(run.generations() + " generations judged, " + (standing.size() - possible) + " anomalies"
                + (possible == 0 ? "" : "; " + possible + " more are only possible (--all shows them)"));
        return past.refused() == 0 && refusals.isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private boolean isShown(AnomalyDocument anomaly) {
        return all || !anomaly.isPossible();
    }

    private static List<AnomalyDocument> sorted(Map<String, AnomalyDocument> found, Past past) {
        return found.values().stream()
                .map(it -> past instanceof FilePast files ? files.named(it) : it)
                .sorted(AnomalyDocument.ORDER)
                .toList();
    }

    private Map<String, AnomalyDocument> shown(Map<String, AnomalyDocument> anomalies) {
        Map<String, AnomalyDocument> shown = new TreeMap<>(anomalies);
        shown.values().removeIf(it -> !isShown(it));
        return shown;
    }

    private void compare(Map<String, AnomalyDocument> before, Map<String, AnomalyDocument> after) {
        PrintWriter out = spec.commandLine().getOut();
        Comparison differences = Comparison.of(before, after);
        ComparisonPrinter printer = new ComparisonPrinter(Terminal.columns());
        switch (format) {
            case JSONL -> printer.jsonLines(differences, out);
            case TABLE -> printer.table(differences, out);
        }
        out.flush();
    }

    private void print(List<AnomalyDocument> anomalies) {
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case JSONL -> anomalies.forEach(it -> out.println(it.json()));
            case TABLE -> {
                if (anomalies.isEmpty()) {
                    out.println("Nothing found.");
                } else {
                    new AnomalyTable(Terminal.columns())
                            .print(anomalies.stream().map(AnomalyDocument::line).toList(), out);
                }
            }
        }
        out.flush();
    }
}
