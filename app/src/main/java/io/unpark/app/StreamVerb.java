package io.unpark.app;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.console.UserError;
import io.unpark.app.process.DataFolder;
import io.unpark.app.roles.Address;
import io.unpark.app.roles.Cluster;
import io.unpark.app.roles.StreamRole;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark stream}: the topologies against a real cluster. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Runs the topologies: trace chunks, race reports and profiles to findings and anomalies. Start it as often as"
                        + " you like, on one machine or on several; the processes share the work.",
        footer = {"", "The topics must be there: unpark topics create makes them."})
final class StreamVerb implements Callable<Integer> {
    private static final int MAX_THREADS = 1_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterAddress cluster;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Folder of the stores, one for each process; ./state when left out. It may be lost: the cluster"
                            + " has a copy, from which a start takes longer.")
    private Path state = Path.of("state");

    @Option(names = "--threads", paramLabel = "N", description = "Threads that process; 2 when left out.")
    private int threads = 2;

    @Mixin
    private ConfigFile config;

    @Mixin
    private ListenAddress listen;

    @Override
    public Integer call() throws InterruptedException {
        if (threads < 1 || threads > MAX_THREADS) {
            throw UserError.usage("--threads takes 1 to " + MAX_THREADS);
        }
        Address address = listen.address(config.server(System.getenv()));
        Cluster target = cluster.cluster(config);
        AnalysisConfig analysis = config.read(System.getenv());
        return RoleRun.of(
                spec,
                stage ->
                        StreamRole.start(target, DataFolder.kept(state, "--state"), analysis, threads, address, stage));
    }
}
