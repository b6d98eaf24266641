package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.TraceChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes minutes, so its name keeps it out of the build: infra/soak/collector.sh runs it. Many real agents, each a process of its own,
 * while the collector is killed, the broker is gone for half a minute, and hostile clients come. Prints figures, and fails when
 * something that was accepted is not there.
 */
class CollectorSoakRun {
    private static final int AGENTS = Integer.getInteger("unpark.soak.agents", 200);
    private static final int KILLS = Integer.getInteger("unpark.soak.kills", 5);
    private static final int BROKER_AWAY_SECONDS = Integer.getInteger("unpark.soak.away", 30);
    private static final int MALFORMED = Integer.getInteger("unpark.soak.malformed", 10_000);
    private static final String HEAP = System.getProperty("unpark.soak.heap", "256m");

    /** With the heap of 256 MiB; docs/sizing.md says so. */
    private static final int RESIDENT_LIMIT_MIB = Integer.getInteger("unpark.soak.resident", 384);

    static final int SPOOL_BYTES = 8 << 10;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private RealCluster cluster;
    private ChildProcess collect;
    private int port;
    private long residentKib;
    private String reader;
    private final SoakPhases phases = new SoakPhases();

    @Test
    void whateverHappensWhatWasAcceptedIsThereOnce() throws Exception {
        port = ClusterProcess.freePort();
        Path access = folder.resolve("access");
        Path token = Files.writeString(
                folder.resolve("token"),
                Cli.run("token", "push=swarm", "--file", access).out());
        reader = Cli.run("token", "read", "--file", access).out().strip();
        String other = Cli.run("token", "push=other", "--file", access).out().strip();
        try (RealCluster started = RealCluster.start(folder, 4)) {
            cluster = started;
            startCollector(access);
            Process swarm = Swarm.start(folder, AGENTS, seconds(), "http://127.0.0.1:" + port, token);
            phase("calm");
            sleep(12);
            killTheCollector(access);
            phase("after the kills");
            sleep(8);
            takeTheBrokerAway();
            phase("broker is back");
            sleep(20);
            phase("hostile clients");
            HostileClients hostile = new HostileClients(port, other, MALFORMED);
            hostile.attack();
            look();
            phase("calm again");
            assertThat(swarm.waitFor(LIMIT.toSeconds() + seconds(), TimeUnit.SECONDS))
                    .isTrue();
            phases.end();
            look();
            System.out.println(hostile.report());
            compare(reports(swarm));
            System.out.println("collector: heap " + HEAP + ", resident at most " + residentKib / 1024 + " MiB");
            assertThat(residentKib / 1024).as("MiB resident").isLessThan(RESIDENT_LIMIT_MIB);
            assertThat(collect.isAlive()).isTrue();
            collect.close();
        }
    }

    @Test
    void agentsShipOverTlsWithTheirTokens() throws Exception {
        port = ClusterProcess.freePort();
        Path access = folder.resolve("access");
        Path token = Files.writeString(
                folder.resolve("token"),
                Cli.run("token", "push=swarm", "--file", access).out());
        ServerCertificate certificate = ServerCertificate.make(folder);
        try (RealCluster started = RealCluster.start(folder, 1)) {
            cluster = started;
            collect = cluster.collect(
                    HEAP,
                    "--port",
                    "" + port,
                    "--access",
                    access.toString(),
                    "--tls-cert",
                    certificate.pem().toString(),
                    "--tls-key",
                    certificate.key().toString());
            assertThat(collect.address()).startsWith("https://");
            Process swarm = Swarm.start(
                    folder,
                    3,
                    5,
                    "https://127.0.0.1:" + port,
                    token,
                    "-ca",
                    certificate.pem().toString());

            assertThat(swarm.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

            List<JsonNode> reports = reports(swarm);
            assertThat(reports)
                    .hasSize(3)
                    .allSatisfy(
                            it -> assertThat(it.at("/stats/GenerationsShipped").asLong())
                                    .isPositive());
            assertThat(sequences()).hasSize(3);
            System.out.println("over TLS: "
                    + reports.stream()
                            .mapToLong(it -> it.at("/stats/GenerationsShipped").asLong())
                            .sum() + " generations of 3 agents");
            collect.close();
        }
    }

    /** Long enough for everything that happens, on a busy machine too. */
    private static int seconds() {
        return 12 + KILLS * 6 + 8 + BROKER_AWAY_SECONDS + 20 + 40 + AGENTS / 10;
    }

    private void startCollector(Path access) throws IOException {
        collect = cluster.collect(HEAP, "--port", "" + port, "--access", access.toString());
        collect.address();
    }

    private void killTheCollector(Path access) throws Exception {
        for (int i = 0; i < KILLS; i++) {
            phase("collector killed");
            look();
            collect.kill();
            startCollector(access);
            sleep(2);
        }
    }

    private void takeTheBrokerAway() throws Exception {
        phase("broker is gone");
        cluster.kill();
        sleep(BROKER_AWAY_SECONDS);
        look();
        phase("broker starts");
        cluster.startProcess();
    }

    /** Begins; what the collector has refused until then is told. */
    private void phase(String name) {
        System.out.println("  refused by the collector since its start: "
                + (phases.isEmpty() ? "nothing" : RefusedPushes.of("http://127.0.0.1:" + port, reader)));
        phases.begin(name);
        System.out.println(name);
    }

    private static void sleep(int seconds) throws InterruptedException {
        TimeUnit.SECONDS.sleep(seconds);
    }

    /** What the collector's process has needed of memory at most, where the system tells. */
    private void look() throws IOException {
        Path status = Path.of("/proc/" + collect.pid() + "/status");
        if (Files.exists(status)) {
            Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .forEach(kib -> residentKib = Math.max(residentKib, kib));
        }
    }

    private List<JsonNode> reports(Process swarm) throws IOException {
        assertThat(swarm.exitValue())
                .as(Files.readString(folder.resolve("swarm-stderr.txt")))
                .isZero();
        List<JsonNode> reports = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("swarm.jsonl"))) {
            reports.add(Documents.parse(line));
        }
        return reports;
    }

    private void compare(List<JsonNode> reports) throws IOException {
        Map<String, List<Long>> onTopic = sequences();
        long shipped = 0;
        long dropped = 0;
        long rejected = 0;
        long retries = 0;
        long records = 0;
        long distinct = 0;
        for (JsonNode report : reports) {
            JsonNode stats = report.path("stats");
            List<Long> found = onTopic.getOrDefault(report.path("instance").asText(), List.of());
            long different = new TreeSet<>(found).size();
            long ofThis = stats.path("GenerationsShipped").asLong();
            assertThat(different).as("generations of %s on the topic", report).isGreaterThanOrEqualTo(ofThis);
            shipped += ofThis;
            dropped += stats.path("GenerationsDropped").asLong();
            rejected += stats.path("GenerationsRejected").asLong();
            retries += stats.path("Retries").asLong();
            records += found.size();
            distinct += different;
        }
        System.out.printf(
                Locale.ROOT,
                "%d agents: %d generations acknowledged, %d on the topic, %d of them twice or more; %d dropped by full spools,"
                        + " %d rejected, %d retries%n",
                reports.size(),
                shipped,
                distinct,
                records - distinct,
                dropped,
                rejected,
                retries);
        System.out.println("spools hold at most " + largestSpool() + " bytes, allowed are " + SPOOL_BYTES);
        assertThat(reports).hasSize(AGENTS);
        assertThat(rejected).isZero();
        phases.print(reports);
    }

    /** Sequence numbers of the generations on the topic, by instance; whole ones, as all are small. */
    private Map<String, List<Long>> sequences() {
        Map<String, List<Long>> found = new HashMap<>();
        var values = cluster.client().serdes().value(Topics.TRACE_CHUNKS).deserializer();
        String topic = cluster.client().layout().name(Topics.TRACE_CHUNKS);
        try (var consumer = new KafkaConsumer<>(
                cluster.client().kafka(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(it -> new TopicPartition(it.topic(), it.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    TraceChunk chunk = values.deserialize(topic, record.value());
                    phases.accepted(record.timestamp());
                    found.computeIfAbsent(chunk.getInstance().getName(), name -> new ArrayList<>())
                            .add(chunk.getSequence());
                });
            }
        }
        return found;
    }

    private long largestSpool() throws IOException {
        long largest = 0;
        try (Stream<Path> spools = Files.list(folder.resolve("spools"))) {
            for (Path spool : spools.toList()) {
                try (Stream<Path> files = Files.list(spool)) {
                    largest = Math.max(
                            largest,
                            files.mapToLong(file -> file.toFile().length()).sum());
                }
            }
        }
        return largest;
    }
}
