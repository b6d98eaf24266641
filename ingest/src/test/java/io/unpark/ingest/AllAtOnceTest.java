package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.unpark.ingest.security.ClientLimits;
import io.unpark.ingest.security.ConnectionLimits;
import io.unpark.ingest.security.WebSecurity;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred agents of one address push in the same moment, to the server as it is, with a real broker behind it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AllAtOnceTest {
    private static final int AGENTS = 200;

    @TempDir
    static Path dataDir;

    private static Broker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = new Broker(dataDir);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void allAreTakenInOneRoundBecauseTheyWaitTheirTurn() throws Exception {
        // Given: a wait that ends late enough for a busy machine
        IngestLimits patient = limits(IngestLimits.DEFAULT.maxWaitingPushes(), Duration.ofSeconds(30));

        // When
        Map<Integer, Integer> answers = round(patient, "patient");

        // Then
        assertThat(answers).isEqualTo(Map.of(202, AGENTS));
        assertThat(broker.records(Topics.TRACE_CHUNKS.name(), "/patient/i")).hasSize(AGENTS);
    }

    @Test
    void whoFindsNoPlaceToWaitInIsToldAtOnce() throws Exception {
        Map<Integer, Integer> answers = round(limits(0, Duration.ofSeconds(30)), "hasty");

        assertThat(answers.keySet()).isSubsetOf(202, 429);
        assertThat(broker.records(Topics.TRACE_CHUNKS.name(), "/hasty/i")).hasSize(answers.get(202));
    }

    private static Map<Integer, Integer> round(IngestLimits limits, String service) throws Exception {
        WebSecurity security = new WebSecurity(new WebSecurity.Options(
                Optional.empty(), Optional.empty(), ClientLimits.DEFAULT, ConnectionLimits.DEFAULT));
        ChunkProducer producer = new ChunkProducer(
                Map.of("bootstrap.servers", broker.bootstrap()), TopicLayout.DEFAULT, Collector.serdes());
        IngestRoutes routes = new IngestRoutes(producer, limits, () -> Collector.NOW_UNIX_NS);
        Javalin server = Javalin.create(javalin -> {
                    javalin.startup.showJavalinBanner = false;
                    security.install(javalin, "127.0.0.1", 0);
                    routes.register(javalin.routes);
                })
                .start();
        ExecutorService threads = Executors.newFixedThreadPool(AGENTS);
        try {
            URI uri = URI.create(
                    "http://127.0.0.1:" + server.port() + "/ingest/v1/trace?service=" + service + "&instance=i");
            Map<Integer, Integer> answers = all(threads, uri);
            assertThat(routes.status().runningPushes()).isZero();
            assertThat(routes.status().waitingPushes()).isZero();
            return answers;
        } finally {
            threads.shutdownNow();
            server.stop();
            producer.close();
            security.close();
        }
    }

    private static Map<Integer, Integer> all(ExecutorService threads, URI uri) throws Exception {
        byte[] trace = Compress.GZIP.of(SmallTraces.generations(1));
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Integer>> pushes = new ArrayList<>();
        for (int i = 0; i < AGENTS; i++) {
            Callable<Integer> push = () -> {
                go.await();
                return push(uri, trace);
            };
            pushes.add(threads.submit(push));
        }
        long beganNs = System.nanoTime();
        go.countDown();
        Map<Integer, Integer> answers = new TreeMap<>();
        for (Future<Integer> push : pushes) {
            answers.merge(push.get(), 1, Integer::sum);
        }
        System.out.printf(
                Locale.ROOT, "%d pushes at once: %s in %.2f s%n", AGENTS, answers, (System.nanoTime() - beganNs) / 1e9);
        return answers;
    }

    /** A connection of its own, as each agent has. */
    private static int push(URI uri, byte[] trace) throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return client.send(
                        HttpRequest.newBuilder(uri)
                                .POST(BodyPublishers.ofByteArray(trace))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static IngestLimits limits(int waiting, Duration wait) {
        IngestLimits all = IngestLimits.DEFAULT;
        return new IngestLimits(
                all.body(),
                all.maxConcurrentPushes(),
                waiting,
                wait,
                all.trace(),
                all.raceLog(),
                all.maxReportsPerPush(),
                all.deadLetterQuotaBytes(),
                all.maxDeadLetterBytes());
    }
}
