package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.process.Archive;
import io.unpark.app.process.DataFolder;
import io.unpark.app.process.WebServer;
import io.unpark.app.roles.Address;
import io.unpark.app.roles.Cluster;
import io.unpark.app.roles.CollectRole;
import io.unpark.app.roles.Role;
import io.unpark.app.roles.SinkRole;
import io.unpark.app.roles.StreamRole;
import io.unpark.embedded.EmbeddedKafka;
import io.unpark.embedded.EmbeddedRegistry;
import io.unpark.ingest.config.CollectorConfig;
import io.unpark.ingest.security.WebSecurity;
import io.unpark.sink.notify.NotifyConfig;
import io.unpark.sink.store.StorageConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One of each role in this process, with all that can be counted turned on. */
final class MetricRoles implements AutoCloseable {
    static final Duration LIMIT = Duration.ofMinutes(2);
    static final List<String> NAMES = List.of("collect", "stream", "sink");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<String, Role> roles = new TreeMap<>();

    MetricRoles(Path folder) throws IOException {
        EmbeddedKafka kafka = opened(EmbeddedKafka.start(folder.resolve("kafka")));
        EmbeddedRegistry registry = opened(EmbeddedRegistry.start(kafka.bootstrap(), 0));
        Cli topics = Cli.run("topics", "create", "--bootstrap", kafka.bootstrap(), "--partitions", "1");
        assertThat(topics.exitCode()).as(topics.err()).isZero();
        Cluster cluster = Cluster.of(kafka.bootstrap(), registry.url(), Map.of(), "");
        Address any = new Address(WebServer.loopback(), 0, WebSecurity.Options.NONE);
        Clock clock = Clock.systemUTC();
        Archive archive = Archive.open(folder.resolve("archive"), 1 << 30, clock);
        CollectRole collect =
                CollectRole.start(cluster, any, Optional.of(archive), Optional.empty(), clock, stage -> {});
        roles.put("collect", opened(collect.feed(collector(folder), folder.resolve("state"))));
        roles.put(
                "stream",
                opened(StreamRole.start(
                        cluster,
                        DataFolder.kept(folder.resolve("streams"), "--state"),
                        AnalysisConfig.DEFAULTS,
                        1,
                        any,
                        stage -> {})));
        roles.put(
                "sink",
                opened(SinkRole.start(
                        cluster,
                        StorageConfig.inMemory("metrics"),
                        notifications(folder),
                        Optional.empty(),
                        any,
                        clock,
                        stage -> {})));
    }

    private <T extends AutoCloseable> T opened(T it) {
        open.push(it);
        return it;
    }

    private static CollectorConfig collector(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("spool"));
        return CollectorConfig.read(new ObjectMapper(new YAMLFactory()).readTree("""
                scrape_configs: [{job_name: shop, static_configs: [{targets: ['127.0.0.1:1']}]}]
                spool: {folder: spool}
                race_logs: [{service: orders, log_path: races}]
                """), folder);
    }

    private static NotifyConfig notifications(Path folder) throws IOException {
        return NotifyConfig.read(new ObjectMapper(new YAMLFactory()).readTree("""
                receivers: [{name: nobody, type: alertmanager, url: 'http://127.0.0.1:1'}]
                """), folder, Map.of());
    }

    int push(String service, byte[] trace) throws IOException, InterruptedException {
        URI url = URI.create(roles.get("collect").url() + "/ingest/v1/trace?service=" + service);
        HttpRequest request = HttpRequest.newBuilder(url)
                .POST(BodyPublishers.ofByteArray(trace))
                .timeout(LIMIT)
                .build();
        return HTTP.send(request, BodyHandlers.ofString()).statusCode();
    }

    String metrics(String role) {
        try {
            URI url = URI.create(roles.get(role).url() + "/metrics");
            return HTTP.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
