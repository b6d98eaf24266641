package io.unpark.app;

import io.unpark.app.roles.Address;
import io.unpark.app.roles.Cluster;
import io.unpark.app.roles.CollectRole;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code unpark collect}: the collector against a real cluster. */
@Command(
        name = "collect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Takes traces and race logs over HTTP and writes them to the cluster; what is answered with 202 is"
                        + " acknowledged by it.",
        footer = {
            "",
            "  curl --data-binary @trace.out 'localhost:8080/ingest/v1/trace?service=orders'",
            "  curl --data-binary @race.log 'localhost:8080/ingest/v1/race?service=orders'"
        })
final class CollectVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterAddress cluster;

    @Mixin
    private ArchiveOptions archive;

    @Mixin
    private ConfigFile config;

    @Mixin
    private ListenAddress listen;

    @Override
    public Integer call() throws InterruptedException {
        Address address = listen.address(config.server(System.getenv()));
        Cluster target = cluster.cluster();
        Clock clock = Clock.systemUTC();
        return RoleRun.of(spec, stage -> CollectRole.start(target, address, archive.open(clock), clock, stage));
    }
}
