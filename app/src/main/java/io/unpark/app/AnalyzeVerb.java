package io.unpark.app;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.json.AnomalyJson;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Confidence;
import io.unpark.app.analyze.FileMeter;
import io.unpark.app.analyze.InProcess;
import io.unpark.app.analyze.Input;
import io.unpark.app.analyze.InputFinder;
import io.unpark.app.analyze.Outcome;
import io.unpark.app.analyze.RequestShelf;
import io.unpark.app.console.AnomalyLine;
import io.unpark.app.console.AnomalyTable;
import io.unpark.app.console.ExitCode;
import io.unpark.app.console.Progress;
import io.unpark.app.console.Terminal;
import io.unpark.app.console.UserError;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark analyze}: files to anomalies, without Kafka. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Finds what is wrong in recordings of Go's runtime/trace, in the race detector's logs and in profiles.",
        footer = {
            "",
            "Files may be plain, gzip, zstd or xz. Of a folder are taken, at any depth, the traces (.trace, .out, .bin), the"
                    + " logs (.log) and the profiles (.pb, .pprof).",
            "Exit code: 0 done; 2 the command line is wrong; 3 done, but some input was refused (see stderr)."
        })
final class AnalyzeVerb implements Callable<Integer> {
    /** How results are printed. */
    enum Format {
        TABLE,
        JSONL,
        PERFETTO
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--format",
            paramLabel = "table|jsonl|perfetto",
            description =
                    "Anomalies for people, or one JSON object a line; or the longest requests for ui.perfetto.dev.")
    private Format format = Format.TABLE;

    @Option(
            names = "--request",
            paramLabel = "TRACE_ID",
            description = "Show one request instead: its waterfall over all services, and why it took so long."
                    + " The id as in evidence.request, or its beginning or end.")
    private String request = "";

    @Option(names = "--all", description = "Show what is only possible, too.")
    private boolean all;

    @Mixin
    private ConfigFile config;

    @Mixin
    private InputFiles files;

    @Override
    public Integer call() {
        if (!files.areNamed()) {
            throw UserError.usage("name at least one file or folder, as in: unpark analyze trace.out");
        }
        if (!request.isEmpty() && format == Format.JSONL) {
            throw UserError.usage("--request is shown as a table or for Perfetto: --format table|perfetto");
        }
        AnalysisConfig analysis = config.read(System.getenv());
        InputFinder.Found found = files.find();
        int code = analyze(found.inputs(), analysis);
        if (found.others() > 0) {
            String other = found.others() == 1 ? "1 file is" : found.others() + " files are";
            spec.commandLine()
                    .getErr()
                    .println("note: " + other + " not named as a trace, a log or a profile, and left out; name a file"
                            + " itself to have it read");
        }
        return code;
    }

    private int analyze(List<Input> inputs, AnalysisConfig analysis) {
        PrintWriter err = spec.commandLine().getErr();
        long bytes = inputs.stream()
                .map(Input::file)
                .map(Path::toFile)
                .mapToLong(File::length)
                .sum();
        long beganNs = System.nanoTime();
        Progress progress = new Progress(err, Terminal.isStderrTerminal(), bytes, System::nanoTime);
        InProcess run = new InProcess(analysis, new FileMeter(progress));
        boolean ofRequests = !request.isEmpty() || format == Format.PERFETTO;
        RequestShelf shelf = ofRequests ? run.keepRequests() : null;
        List<Outcome> refused =
                run.take(inputs).stream().filter(Outcome::isRefused).toList();
        progress.end();
        List<Anomaly> standing = run.anomalies();
        List<Anomaly> shown = standing.stream()
                .filter(anomaly -> all || anomaly.confidence() != Confidence.POSSIBLE)
                .toList();
        if (ofRequests) {
            new RequestPrinter(spec.commandLine().getOut()).print(shelf, request, format == Format.PERFETTO);
        } else {
            print(shown, refused.size() < inputs.size() || run.generations() > 0);
        }
        refused.forEach(outcome -> err.println("refused: " + outcome.message()));
        run.detectorFaults().forEach(fault -> err.println("a fault of Unpark, please report it: detector " + fault));
        run.limited()
                .forEach((what, count) -> err.println(
                        "note: a process has more " + what + " than are held at a time; " + count + " were left out"));
        if (run.requestsLetGo() > 0) {
            err.println("note: more requests than are held at a time; " + run.requestsLetGo()
                    + " may have been judged in parts");
        }
        err.println(String.format(
                Locale.ROOT,
                "%s, %d generations, %s in %.1f s: %s%s",
                inputs.size() == 1 ? "1 file" : inputs.size() + " files",
                run.generations(),
                Terminal.bytes(bytes),
                (System.nanoTime() - beganNs) / 1e9,
                shown.size() == 1 ? "1 anomaly" : shown.size() + " anomalies",
                leftOut(standing.size() - shown.size())));
        return refused.isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private static String leftOut(int possible) {
        return possible == 0 ? "" : "; " + possible + " more are only possible (--all shows them)";
    }

    private void print(List<Anomaly> anomalies, boolean anyRead) {
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case PERFETTO -> throw new IllegalStateException("requests are printed elsewhere");
            case JSONL -> anomalies.forEach(anomaly -> out.println(AnomalyJson.line(anomaly)));
            case TABLE -> {
                if (anomalies.isEmpty()) {
                    out.print(anyRead ? "Nothing found.\n" : "");
                } else {
                    new AnomalyTable(Terminal.columns())
                            .print(anomalies.stream().map(AnomalyLine::of).toList(), out);
                }
            }
        }
        out.flush();
    }
}
