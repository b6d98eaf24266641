package io.unpark.app;

import io.unpark.app.process.DataFolder;
import io.unpark.app.roles.Address;
import io.unpark.app.roles.Cluster;
import io.unpark.app.roles.SinkRole;
import io.unpark.sink.notify.NotifyConfig;
import io.unpark.sink.store.StorageConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark sink}: anomalies of a real cluster to a database, with the API and the page. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes anomalies, windows and requests to a database, and serves the API and the page.",
        footer = {"", "The database's password is taken from the environment: UNPARK_DB_PASSWORD."})
final class SinkVerb implements Callable<Integer> {
    private static final String PASSWORD = "UNPARK_DB_PASSWORD";
    private static final int CONNECTIONS = 8;

    /** One of the two. */
    static final class Place {
        @Option(names = "--db", paramLabel = "JDBC_URL", description = "Database on a server.")
        private String url;

        @Option(names = "--data", paramLabel = "DIR", description = "Database in files; ./data when left out.")
        private Path folder;
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterAddress cluster;

    @ArgGroup
    private Place place;

    @Option(names = "--db-user", paramLabel = "NAME", description = "Of --db; unpark when left out.")
    private String user = "unpark";

    @Mixin
    private ConfigFile config;

    @Mixin
    private ListenAddress listen;

    @Override
    public Integer call() throws InterruptedException {
        Address address = listen.address(config.server(System.getenv()));
        Cluster target = cluster.cluster(config);
        NotifyConfig notifications = config.notifications(System.getenv());
        Clock clock = Clock.systemUTC();
        if (place != null && place.url != null) {
            String password = System.getenv().getOrDefault(PASSWORD, "");
            StorageConfig server = new StorageConfig(place.url, user, password, CONNECTIONS);
            return RoleRun.of(
                    spec,
                    stage -> SinkRole.start(target, server, notifications, Optional.empty(), address, clock, stage));
        }
        Path folder = place == null ? Path.of("data") : place.folder;
        return RoleRun.of(spec, stage -> {
            DataFolder files = DataFolder.kept(folder);
            StorageConfig storage = StorageConfig.embedded(files.path().resolve("sink"));
            return SinkRole.start(target, storage, notifications, Optional.of(files), address, clock, stage);
        });
    }
}
