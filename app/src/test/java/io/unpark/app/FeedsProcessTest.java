package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.unpark.app.roles.Cluster;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.RaceReport;
import io.unpark.testkit.RaceLogText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A collector in a process of its own that scrapes, follows race logs and has a spool folder, and is killed meanwhile. */
class FeedsProcessTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @RegisterExtension
    private final Opened open = new Opened();

    @Test
    void aKilledCollectorGoesOnWhereItStopped() throws Exception {
        // Given a collector that has sent one report and read half of another
        RealCluster cluster = open.add(RealCluster.start(folder, 1));
        HttpServer service = service();
        Path log = folder.resolve("races/orders.77");
        Files.createDirectories(log.getParent());
        Path spool = Files.createDirectories(folder.resolve("spool"));
        String[] options = {
            "--race-log",
            "orders=" + folder.resolve("races/orders"),
            "--spool",
            spool.toString(),
            "--state",
            folder.resolve("remembered").toString(),
            "--scrape",
            "shop=127.0.0.1:" + service.getAddress().getPort()
        };
        ChildProcess first = open.add(cluster.role("collect", options));
        String second = RaceLogText.report(2);
        append(log, RaceLogText.report(1) + second.substring(0, 200));
        await().atMost(LIMIT).until(() -> status(first).path("race_reports").asInt() == 1);
        await().atMost(LIMIT)
                .until(() -> status(first).at("/race_logs/files/0/offset").asInt()
                        >= RaceLogText.report(1).length());

        // When it is killed, and the log goes on
        first.kill();
        append(log, second.substring(200) + RaceLogText.report(3));
        Files.write(spool.resolve("stock.trace"), SmallTrace.healthy());
        ChildProcess next = open.add(cluster.role("collect", options));

        // Then every report is there, once for those who know them by their ids, and the file is taken
        await().atMost(LIMIT).until(() -> status(next).path("race_reports").asInt() >= 2);
        await().atMost(LIMIT).until(() -> status(next).at("/spool/taken").asInt() == 1);
        assertThat(spool.resolve("done/stock.trace")).exists();
        assertThat(reports(cluster).stream().map(RaceReport::getId).distinct()).hasSize(3);

        // And the service is scraped, with its outcome in the status and the metrics
        await().atMost(LIMIT)
                .until(() -> status(next)
                                .at("/scrape/targets/0/endpoints/trace/items")
                                .asInt()
                        > 0);
        JsonNode target = status(next).at("/scrape/targets/0");
        assertThat(target.path("service").asText()).isEqualTo("shop");
        assertThat(target.at("/endpoints/trace").has("error")).isFalse();
        assertThat(next.get("/metrics").body())
                .contains("unpark_scrape_good_total{endpoint=\"trace\",job=\"command-line\"} 1.0")
                .contains("unpark_spool_taken_files_total 1.0")
                .contains("unpark_race_logs_files 1.0");
    }

    private HttpServer service() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 10);
        server.createContext("/debug/pprof/trace", exchange -> {
            byte[] trace = SmallTrace.healthy();
            exchange.sendResponseHeaders(200, trace.length);
            exchange.getResponseBody().write(trace);
            exchange.close();
        });
        server.start();
        open.add(() -> server.stop(0));
        return server;
    }

    private static JsonNode status(ChildProcess collector) throws IOException {
        return Documents.parse(collector.get("/api/v1/status").body());
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static List<RaceReport> reports(RealCluster cluster) {
        Cluster client = Cluster.of(cluster.bootstrap(), cluster.registry(), Map.of(), "");
        String topic = client.layout().name(Topics.RACE_REPORTS);
        TopicPartition all = new TopicPartition(topic, 0);
        List<RaceReport> reports = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(client.kafka(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
                Deserializer<RaceReport> reader =
                        client.serdes().value(Topics.RACE_REPORTS).deserializer()) {
            consumer.assign(List.of(all));
            consumer.seekToBeginning(List.of(all));
            long end = consumer.endOffsets(List.of(all)).get(all);
            while (consumer.position(all) < end) {
                consumer.poll(Duration.ofSeconds(1))
                        .forEach(record -> reports.add(reader.deserialize(topic, record.value())));
            }
        }
        return reports;
    }
}
