package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorVerbTest {
    @TempDir
    static Path brokerFolder;

    @TempDir
    Path folder;

    private static Broker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = new Broker(brokerFolder);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private Cli doctor(String prefix) {
        return Cli.run(
                "doctor",
                "--bootstrap",
                broker.bootstrap(),
                "--registry",
                broker.registry(),
                "--prefix",
                prefix,
                "--state",
                folder.resolve("a/state"),
                "--port",
                "0");
    }

    @Test
    void aClusterWithAllTopicsPasses() {
        broker.topics("healthy-");

        Cli all = doctor("healthy-");

        assertThat(all.exitCode()).as(all.out()).isZero();
        assertThat(all.out()).doesNotContain("FAIL");
        assertThat(all.outLines())
                .anyMatch(it -> it.startsWith("OK    topics        15 topics are as expected"))
                .anyMatch(it -> it.startsWith("OK    transactions  can be begun"))
                .anyMatch(it -> it.startsWith("OK    registry      answers at"))
                .anyMatch(it -> it.startsWith("OK    schemas       10 schemas are not registered yet"))
                .anyMatch(it -> it.startsWith("WARN  brokers       1 broker of cluster"))
                .anyMatch(it -> it.startsWith("OK    folder"));
        assertThat(folder.resolve("a")).as("it only looks").doesNotExist();
    }

    @Test
    void missingTopicsAreNamedWithTheCommandThatMakesThem() {
        Cli without = doctor("empty-");

        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.out())
                .contains("FAIL  topics        missing: empty-go-trace-chunks, ")
                .contains("and 11 more; unpark topics create --bootstrap " + broker.bootstrap() + " --prefix empty-");
    }

    @Test
    void aTopicThatRefusesLargeRecordsFailsAndAnotherRetentionIsOnlyRemarked() throws Exception {
        TopicLayout layout = broker.topics("small-");
        try (Admin admin = broker.admin()) {
            set(admin, layout.name(Topics.TRACE_CHUNKS), "max.message.bytes", "1000000");
            set(admin, layout.name(Topics.FINDINGS), "retention.ms", "1000");
        }

        // The controller answers before the broker has heard of the change.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> doctor("small-").out().contains("retention.ms is 1000"));
        Cli small = doctor("small-");

        assertThat(small.exitCode()).as(small.out()).isEqualTo(1);
        assertThat(small.out())
                .contains("FAIL  topics        small-go-trace-chunks: max.message.bytes is 1000000, expected 5242880;")
                .contains("WARN  topics        small-go-findings: retention.ms is 1000");
    }

    private static void set(Admin admin, String topic, String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get(30, TimeUnit.SECONDS);
    }

    @Test
    void thisMachineIsLookedAtWithoutACluster() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Cli local = Cli.run("doctor", "--state", file.resolve("state"), "--port", "" + taken.getLocalPort());

            assertThat(local.exitCode()).isEqualTo(1);
            assertThat(local.outLines())
                    .anyMatch(it -> it.startsWith("OK    java"))
                    .anyMatch(it -> it.startsWith("FAIL  folder") && it.contains("is no folder; choose another"))
                    .anyMatch(it -> it.startsWith("FAIL  port") && it.contains("choose another with --port"))
                    .anyMatch(it -> it.startsWith("OK    go"));
        }
    }

    @Test
    void nobodyAnswers() throws Exception {
        String nowhere = "127.0.0.1:" + ClusterProcess.freePort();

        Cli silent = Cli.run(
                "doctor", "--bootstrap", nowhere, "--registry", "http://" + nowhere, "--state", folder, "--port", "0");

        assertThat(silent.exitCode()).isEqualTo(1);
        assertThat(silent.out())
                .contains("FAIL  brokers       no answer from " + nowhere)
                .contains("FAIL  registry      no registry answers at");
    }
}
