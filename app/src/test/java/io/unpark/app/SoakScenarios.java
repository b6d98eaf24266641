package io.unpark.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.allinone.AllInOne;
import io.unpark.app.allinone.PortChoice;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Recordings.Recording;
import io.unpark.app.demo.Recordings.Scenario;
import io.unpark.app.process.DataFolder;
import io.unpark.ingest.ChunkProducer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What can be killed, and what is there in the end. */
final class SoakScenarios {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private SoakScenarios() {}

    /** What stood in the end, the kills on the way, and how long the rest took after all was sent. */
    record Result(Map<String, JsonNode> anomalies, List<Soak.Kill> kills, long lastCatchUpMs) {}

    /** The topologies are killed, the cluster is not. */
    static Result streamKilled(Path folder, Recordings recordings, int kills, long seed, Consumer<Soak.Kill> told)
            throws Exception {
        try (RealCluster cluster = RealCluster.start(folder, 4);
                ChunkProducer producer = cluster.producer();
                Restarted stream = new Restarted(() -> cluster.stream("state"))) {
            Soak soak = new Soak(seed, stream, told);
            soak.run(kills, Feed.steps(recordings, producer));
            return result(cluster, soak);
        }
    }

    /**
     * The disk of the stores is full for a while, and then the topologies are told to end, if they have not given up.
     *
     * @param small folder of a small file system that nobody else needs
     */
    static Result diskFilled(
            Path folder, Path small, Recordings recordings, int times, long seed, Consumer<Soak.Kill> told)
            throws Exception {
        String state = Files.createTempDirectory(small, "state-").toString();
        try (RealCluster cluster = RealCluster.start(folder, 4);
                ChunkProducer producer = cluster.producer();
                Restarted stream = new Restarted(() -> cluster.role("stream", "--state", state))) {
            Soak soak = new Soak(seed, new FilledDisk(stream, small.resolve("filler")), told);
            soak.run(times, Feed.steps(recordings, producer));
            return result(cluster, soak);
        }
    }

    private record FilledDisk(Restarted process, Path filler) implements Soak.Victim {
        private static final Duration FULL_FOR = Duration.ofSeconds(4);

        @Override
        public void start() throws IOException {
            process.start();
        }

        @Override
        public boolean isReady() {
            return process.isReady();
        }

        @Override
        public void kill() {
            try {
                fill();
                Thread.sleep(FULL_FOR.toMillis());
                int exitCode = process.process.terminate();
                System.out.println("      ended with " + exitCode + " on a full disk");
                Files.delete(filler);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private void fill() throws IOException {
            try (OutputStream out = Files.newOutputStream(filler)) {
                byte[] block = new byte[4096];
                while (true) {
                    out.write(block);
                }
            } catch (IOException full) {
                if (!Files.exists(filler)) {
                    throw full;
                }
            }
        }
    }

    /** The broker is killed, with the registry; the topologies are not. */
    static Result brokerKilled(Path folder, Recordings recordings, int kills, long seed, Consumer<Soak.Kill> told)
            throws Exception {
        try (RealCluster cluster = RealCluster.start(folder, 4);
                ChunkProducer producer = cluster.producer();
                ChildProcess stream = cluster.stream("state")) {
            stream.address();
            cluster.kill();
            Soak soak = new Soak(
                    seed,
                    new Soak.Victim() {
                        @Override
                        public void start() throws IOException {
                            cluster.startProcess();
                        }

                        @Override
                        public boolean isReady() {
                            return true; // start waits
                        }

                        @Override
                        public void kill() {
                            cluster.kill();
                        }
                    },
                    told);
            soak.run(kills, Feed.steps(recordings, producer));
            Result result = result(cluster, soak);
            if (!stream.isReady()) {
                throw new AssertionError("the topologies gave up: " + stream.stderr());
            }
            return result;
        }
    }

    private static Result result(RealCluster cluster, Soak soak) throws InterruptedException {
        long beganNs = System.nanoTime();
        cluster.awaitProcessed(LIMIT);
        long catchUpMs = (System.nanoTime() - beganNs) / 1_000_000;
        return new Result(cluster.anomalies(LIMIT), soak.kills(), catchUpMs);
    }

    /** Everything in one process is killed; whole traces are pushed over HTTP, and no race logs. */
    static Result upKilled(Path folder, Recordings recordings, int kills, long seed, Consumer<Soak.Kill> told)
            throws Exception {
        Path data = folder.resolve("data");
        List<Soak.Kill> done;
        try (Restarted up =
                new Restarted(() -> ChildProcess.unpark(folder, "up", "--port", "0", "--data", data.toString()))) {
            Soak soak = new Soak(seed, up, told);
            soak.run(kills, pushes(recordings, up));
            done = soak.kills();
            up.kill();
        }
        long beganNs = System.nanoTime();
        try (AllInOne again = AllInOne.start(
                DataFolder.kept(data), PortChoice.web(0), AnalysisConfig.DEFAULTS, Clock.systemUTC(), stage -> {})) {
            if (!again.awaitProcessed(LIMIT)) {
                throw new AssertionError("not processed within " + LIMIT);
            }
            long catchUpMs = (System.nanoTime() - beganNs) / 1_000_000;
            return new Result(Documents.byId(again.anomalies(true)), done, catchUpMs);
        }
    }

    /** The collector is killed while whole traces are pushed to it; what gets no answer is pushed again. */
    static Result collectKilled(Path folder, Recordings recordings, int kills, long seed, Consumer<Soak.Kill> told)
            throws Exception {
        try (RealCluster cluster = RealCluster.start(folder, 4);
                ChildProcess stream = cluster.stream("state");
                Restarted collect = new Restarted(() -> cluster.role("collect"))) {
            stream.address();
            Soak soak = new Soak(seed, collect, told);
            soak.run(kills, pushes(recordings, collect));
            return result(cluster, soak);
        }
    }

    /** Reports without a time of their own get that of their push: what is pushed by HTTP cannot be compared with them. */
    static Recordings withoutRaces(Recordings all) {
        return new Recordings(
                all.recordedAt(),
                all.scenarios().stream()
                        .map(it -> new Scenario(it.name(), it.traces(), List.of()))
                        .toList());
    }

    private static List<Feed.Step> pushes(Recordings recordings, Restarted up) {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        List<Feed.Step> steps = new ArrayList<>();
        for (Scenario scenario : recordings.scenarios()) {
            scenario.traces().forEach(it -> steps.add(() -> push(client, up.address() + "/ingest/v1/trace", it)));
        }
        return steps;
    }

    private static void push(HttpClient client, String route, Recording recording) throws IOException {
        String query = "?service=" + recording.service() + "&instance=" + recording.instance();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(route + query))
                    .POST(BodyPublishers.ofFile(recording.file()))
                    .timeout(Duration.ofSeconds(60))
                    .build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 503) {
                throw new IOException(answer.body());
            }
            if (answer.statusCode() != 202) {
                throw new AssertionError(recording + ": " + answer.statusCode() + " " + answer.body());
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** A process that is started again after each kill. */
    static final class Restarted implements Soak.Victim, AutoCloseable {
        private static final int MAX_LAST_WORDS = 8_000;

        private final Starter starter;
        private volatile ChildProcess process;

        Restarted(Starter starter) {
            this.starter = starter;
        }

        /** Starts one. */
        interface Starter {
            ChildProcess start() throws IOException;
        }

        @Override
        public void start() throws IOException {
            process = starter.start();
        }

        @Override
        public boolean isReady() {
            return process.isReady();
        }

        String address() throws IOException {
            ChildProcess now = process;
            if (now == null || !now.isAlive()) {
                throw new IOException("not running just now");
            }
            return now.knownAddress();
        }

        @Override
        public void kill() {
            process.kill();
        }

        @Override
        public boolean hasEnded() {
            return !process.isAlive();
        }

        @Override
        public String lastWords() {
            String said = process.stderr();
            return said.substring(Math.max(0, said.length() - MAX_LAST_WORDS));
        }

        @Override
        public void close() {
            if (process != null) {
                process.close();
            }
        }
    }
}
