package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.app.roles.Cluster;
import io.unpark.ingest.ChunkProducer;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Confluent's own client reads what the topologies write, and writes what they read: on our registry, or on the one that
 * {@code -Dunpark.test.registry=URL} names.
 */
class PythonInteropTest {
    private static final long LIMIT_SECONDS = 300;

    @TempDir
    private Path folder;

    @Test
    void findingsAndAnomaliesAreReadAndARaceReportIsWritten() throws Exception {
        String python = System.getenv().getOrDefault("UNPARK_PYTHON", "python3");
        assumeTrue(
                hasClient(python),
                "Confluent's client is skipped: " + python
                        + " has no confluent-kafka[schemaregistry,avro]; see infra/interop");
        try (Broker broker = new Broker(folder.resolve("broker"))) {
            broker.topics("");
            String registry = System.getProperty("unpark.test.registry", broker.registry());
            Cluster cluster = Cluster.of(broker.bootstrap(), registry, Map.of(), "");
            StreamsOptions options = StreamsOptions.of(cluster.kafka(), folder.resolve("state"));
            try (StreamsApp streams = new StreamsApp(options, cluster.serdes());
                    ChunkProducer producer = new ChunkProducer(cluster.kafka(), cluster.layout(), cluster.serdes())) {
                // Given the topologies, and traces and reports by our own collector
                streams.start();
                for (Feed.Step step : Feed.steps(Feed.demo("leak", "race"), producer)) {
                    step.send();
                }

                // When Python reads and writes
                Run run = run(List.of(
                        python,
                        ProjectRoot.folder()
                                .resolve("infra/interop/confluent_client.py")
                                .toString(),
                        broker.bootstrap(),
                        registry));

                // Then what it wrote came back to it
                assertThat(run.exitCode()).as(run.output()).isZero();
                assertThat(run.output())
                        .contains("finding: ", "anomaly: ")
                        .contains("race: ['/src/counter.go:12', '/src/counter.go:30']");
                assertThat(streams.refused()).isEmpty();
            }
        }
    }

    private record Run(int exitCode, String output) {}

    private static boolean hasClient(String python) throws InterruptedException {
        try {
            return run(List.of(python, "-c", "import confluent_kafka.schema_registry.avro"))
                            .exitCode()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Run run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), output);
    }
}
