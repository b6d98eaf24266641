package io.unpark.app;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.allinone.AllInOne;
import io.unpark.app.allinone.PortChoice;
import io.unpark.app.console.AnomalyLine;
import io.unpark.app.console.AnomalyTable;
import io.unpark.app.console.ExitCode;
import io.unpark.app.console.Progress;
import io.unpark.app.console.Stages;
import io.unpark.app.console.Terminal;
import io.unpark.app.console.UserError;
import io.unpark.app.demo.DemoRun;
import io.unpark.app.demo.LiveFleet;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Replay;
import io.unpark.app.process.DataFolder;
import io.unpark.app.process.Serving;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark demo}: the whole pipeline on the shipped recordings. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Runs everything in one process, sends the shipped recordings of a small Go fleet through it, prints what was"
                        + " found, and serves the page until Ctrl-C.")
final class DemoVerb implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration LIVE_LOAD = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Option(names = "--once", description = "End when everything is processed, instead of serving.")
    private boolean once;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the page and the API; 8080 when left out, 0 for any.")
    private int port = 8080;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep the data there; a temporary folder when left out.")
    private Path data;

    @Option(names = "--live", description = "Run the fleet itself for 30 s instead of its recordings; needs Go.")
    private boolean live;

    @Override
    public Integer call() throws InterruptedException, IOException {
        PortChoice ports = CheckedPorts.of(port, 0, 0);
        PrintWriter err = spec.commandLine().getErr();
        Path fleet = ProjectHome.resolve("infra", "demo");
        Recordings recordings = live ? null : Recordings.load(fleet.resolve("recordings"));
        Stages stages = new Stages(err, System::nanoTime);
        try (Serving serving = Serving.begin();
                AllInOne all =
                        AllInOne.start(folder(), ports, AnalysisConfig.DEFAULTS, Clock.systemUTC(), stages::at)) {
            if (live) {
                runFleet(fleet, all, stages, serving, err);
            } else {
                replay(recordings, all, stages, err);
            }
            DemoRun.awaitProcessed(all, LIMIT, serving::isAsked);
            stages.at("all is processed");
            print(DemoRun.anomalies(all), all.url());
            if (!once) {
                serving.awaitSignal();
            }
        }
        return ExitCode.OK;
    }

    private DataFolder folder() {
        return data == null ? DataFolder.temporary() : DataFolder.kept(data);
    }

    private static void replay(Recordings recordings, AllInOne all, Stages stages, PrintWriter err) throws IOException {
        stages.at("sending " + recordings.scenarios().size() + " recorded scenarios, "
                + Terminal.bytes(recordings.bytes()) + " compressed");
        Progress progress = new Progress(err, Terminal.isStderrTerminal(), recordings.bytes(), System::nanoTime);
        Replay replay = new Replay(all.producer(), progress);
        replay.run(recordings);
        progress.end();
        stages.at("sent " + replay.generations() + " generations of traces and " + replay.reports()
                + " race reports; waiting for the pipeline");
    }

    private static void runFleet(Path fleet, AllInOne all, Stages stages, Serving serving, PrintWriter err)
            throws InterruptedException {
        stages.at("building and running the fleet for " + LIVE_LOAD.toSeconds() + " s");
        long beganNs = System.nanoTime();
        try (LiveFleet services = LiveFleet.start(fleet, all.url(), LIVE_LOAD, err)) {
            while (!serving.isAsked() && !services.await(Duration.ofMillis(200))) {
                if (System.nanoTime() - beganNs > LIMIT.toNanos()) {
                    throw UserError.environment("the fleet did not end within " + LIMIT.toSeconds() + " s");
                }
            }
            if (!serving.isAsked() && services.exitCode() != 0) {
                throw UserError.environment("the fleet ended with exit code " + services.exitCode() + ", see above");
            }
        }
    }

    private void print(List<AnomalyLine> anomalies, String url) {
        PrintWriter out = spec.commandLine().getOut();
        new AnomalyTable(Terminal.columns()).print(anomalies, out);
        out.println();
        out.println(anomalies.size() + " anomalies. The page is at " + url + "/, the API at " + url
                + "/api/v1/anomalies" + (once ? " while it serves." : "; Ctrl-C ends it."));
        out.flush();
    }
}
