package io.unpark.app;

import io.unpark.app.roles.Address;
import io.unpark.app.roles.Cluster;
import io.unpark.app.roles.CollectRole;
import io.unpark.ingest.config.CollectorConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark collect}: the collector against a real cluster. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Takes traces and race logs over HTTP and writes them to the cluster; what is answered with 202 is"
                        + " acknowledged by it.",
        footer = {
            "",
            "  curl --data-binary @trace.out 'localhost:8080/ingest/v1/trace?service=orders'",
            "  curl --data-binary @race.log 'localhost:8080/ingest/v1/race?service=orders'",
            "  unpark collect --bootstrap kafka:9092 --registry http://registry:8081 --scrape orders=localhost:6060"
        })
final class CollectVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterAddress cluster;

    @Mixin
    private ArchiveOptions archive;

    @Mixin
    private AskOptions asks;

    @Mixin
    private FeedOptions feeds;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where it remembers how far race logs were read; ./collector when left out.")
    private Path state = Path.of("collector");

    @Mixin
    private ConfigFile configFile;

    @Mixin
    private ListenAddress listen;

    @Override
    public Integer call() throws InterruptedException {
        Address address = listen.address(configFile.server(System.getenv()));
        Cluster target = cluster.cluster(configFile);
        Clock clock = Clock.systemUTC();
        CollectorConfig config = feeds.config(configFile);
        return RoleRun.of(
                spec,
                stage -> CollectRole.start(target, address, archive.open(clock), asks.limits(), clock, stage)
                        .feed(config, state));
    }
}
