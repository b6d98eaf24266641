package io.unpark.app;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.allinone.AllInOne;
import io.unpark.app.allinone.PortChoice;
import io.unpark.app.console.ExitCode;
import io.unpark.app.console.Stages;
import io.unpark.app.process.DataFolder;
import io.unpark.app.process.Serving;
import io.unpark.app.process.WebServer;
import io.unpark.app.roles.Address;
import io.unpark.ingest.config.CollectorConfig;
import io.unpark.sink.notify.NotifyConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark up}: everything in one process, waiting for services to push. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs everything in one process and waits for traces and race logs.",
        footer = {
            "",
            "  curl --data-binary @trace.out 'localhost:8080/ingest/v1/trace?service=orders'",
            "  curl --data-binary @race.log 'localhost:8080/ingest/v1/race?service=orders'",
            "  unpark up --scrape orders=localhost:6060"
        })
final class UpVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the data is kept; ./data when left out.")
    private Path data = Path.of("data");

    @Option(names = "--port", paramLabel = "N", description = "Port of everything; 8080 when left out, 0 for any.")
    private int port = 8080;

    @Option(
            names = "--kafka-port",
            paramLabel = "N",
            description = "Port of the broker; the last or any free one when left out.")
    private int kafkaPort;

    @Option(
            names = "--registry-port",
            paramLabel = "N",
            description = "Port of the schema registry; any free one when left out.")
    private int registryPort;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address of the page, the API and pushes; the loopback one when left out. Another one needs"
                    + " --access, --client-ca or --allow-anyone. Broker and registry stay on the loopback one.")
    private String host = WebServer.loopback();

    @Mixin
    private SecurityOptions security;

    @Mixin
    private ArchiveOptions archive;

    @Mixin
    private AskOptions asks;

    @Mixin
    private FeedOptions feeds;

    @Mixin
    private ConfigFile config;

    @Override
    public Integer call() throws InterruptedException {
        PortChoice ports = CheckedPorts.of(port, kafkaPort, registryPort);
        AnalysisConfig analysis = config.read(System.getenv());
        NotifyConfig notifications = config.notifications(System.getenv());
        CollectorConfig collector = feeds.config(config);
        Address web = new Address(host, port, security.options(host, config.server(System.getenv())));
        PrintWriter out = spec.commandLine().getOut();
        Clock clock = Clock.systemUTC();
        Stages stages = new Stages(spec.commandLine().getErr(), System::nanoTime);
        try (Serving serving = Serving.begin();
                AllInOne all = AllInOne.start(
                        DataFolder.kept(data),
                        archive.open(clock),
                        ports,
                        web,
                        analysis,
                        notifications,
                        clock,
                        stages::at)) {
            asks.limits().ifPresent(all::captureOnAnomalies);
            all.feed(collector, data.resolve("collector"));
            out.println("Serving at " + all.url() + "/, data in " + data + "; Ctrl-C ends it.");
            out.println("Kafka is at " + all.bootstrap() + ", its schema registry at " + all.registryUrl() + ".");
            out.flush();
            serving.awaitSignal();
            stages.at("stopping");
        }
        return ExitCode.OK;
    }
}
