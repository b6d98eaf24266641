package io.unpark.benchmarks.pipeline;

import io.unpark.embedded.EmbeddedKafka;
import io.unpark.embedded.EmbeddedRegistry;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;

/** Broker and registry in a process of their own, so that their processor time can be told from ours. */
final class BrokerProcess implements AutoCloseable {
    private final Process process;
    private final Path folder;
    private final String bootstrap;
    private final String registry;

    private BrokerProcess(Process process, Path folder, String bootstrap, String registry) {
        this.process = process;
        this.folder = folder;
        this.bootstrap = bootstrap;
        this.registry = registry;
    }

    /** Folder of the data; serves until its input ends. */
    public static void main(String[] args) throws IOException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[0]));
                EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrap(), 0)) {
            System.out.println(kafka.bootstrap() + " " + registry.url());
            while (System.in.read() >= 0) {
                // Nobody writes: the end is what is waited for.
            }
        }
    }

    static BrokerProcess start() throws IOException {
        Path folder = Files.createTempDirectory("unpark-benchmark-broker");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseG1GC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        // A busy machine answers a transaction's first request late; those behind it are refused, and come again.
                        "-Dorg.slf4j.simpleLogger.log.kafka.server.ReplicaManager=off",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                .readLine();
        if (line == null) {
            throw new IOException("the broker did not start");
        }
        String[] addresses = line.split(" ");
        return new BrokerProcess(process, folder, addresses[0], addresses[1]);
    }

    Map<String, Object> clientConfig() {
        return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    }

    String bootstrap() {
        return bootstrap;
    }

    String registry() {
        return registry;
    }

    TopicSerdes serdes() {
        return TopicSerdes.of(RegistryConfig.of(registry));
    }

    /** Processor time since its start. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Stops it and deletes its data. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        delete(folder);
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
