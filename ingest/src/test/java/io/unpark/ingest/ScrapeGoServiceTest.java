package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.ingest.capture.Accepted;
import io.unpark.ingest.capture.AgentKey;
import io.unpark.ingest.capture.CaptureDesk;
import io.unpark.ingest.capture.CaptureKind;
import io.unpark.ingest.capture.CaptureLimits;
import io.unpark.ingest.capture.CaptureSource;
import io.unpark.ingest.capture.CaptureWish;
import io.unpark.ingest.capture.ScrapedProcesses;
import io.unpark.ingest.capture.ShareState;
import io.unpark.ingest.discovery.FileTargets;
import io.unpark.ingest.outgoing.HttpAccess;
import io.unpark.ingest.scrape.BodyTaker;
import io.unpark.ingest.scrape.Endpoint;
import io.unpark.ingest.scrape.EndpointKind;
import io.unpark.ingest.scrape.ProfileTaker;
import io.unpark.ingest.scrape.ScrapeJob;
import io.unpark.ingest.scrape.ScrapeOutcome;
import io.unpark.ingest.scrape.ScrapeStatus.EndpointStatus;
import io.unpark.ingest.scrape.ScrapeTarget;
import io.unpark.ingest.scrape.ScrapeTrouble;
import io.unpark.ingest.scrape.ScrapeTrouble.Cause;
import io.unpark.ingest.scrape.Scrapers;
import io.unpark.ingest.scrape.TraceTaker;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.testkit.GoTool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Go services with nothing but net/http/pprof, found by file_sd, into a real broker. */
class ScrapeGoServiceTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private static Path shared;

    private static FeedBench bench;
    private static Path binary;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        Optional<GoTool> go = GoTool.find();
        if (go.isEmpty()) {
            System.out.println("SKIPPED: scraping of real services: " + GoTool.ABSENT);
        }
        assumeTrue(go.isPresent(), GoTool.ABSENT);
        binary = GoService.build(go.orElseThrow(), shared);
        bench = FeedBench.start(shared.resolve("broker"));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    /** As deployment tools do it. */
    private void targets(String json) throws IOException {
        Path fresh = Files.writeString(folder.resolve("fresh~"), json);
        Files.move(
                fresh,
                folder.resolve("targets.json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static String group(String address, String service, String instance) {
        return "{\"targets\": [\"%s\"], \"labels\": {\"service\": \"%s\", \"instance\": \"%s\"}}"
                .formatted(address, service, instance);
    }

    private Scrapers scrape(Duration every, Duration collecting) {
        ScrapeJob job = new ScrapeJob(
                "go",
                "http",
                Map.of(),
                List.of(new Endpoint(EndpointKind.TRACE, EndpointKind.TRACE.path(), every, collecting)),
                Duration.ofSeconds(20),
                0.1,
                HttpAccess.plain(Duration.ofSeconds(5)),
                List.of(new FileTargets(List.of(folder.resolve("*.json")), Duration.ofMillis(100))));
        Scrapers scrapers = new Scrapers(List.of(job), takers(), 2, Clock.systemUTC(), new SplittableRandom(1));
        scrapers.start();
        return scrapers;
    }

    private static Map<String, BodyTaker> takers() {
        Map<String, BodyTaker> takers = new TreeMap<>(ProfileTaker.all(bench.intake));
        takers.put("trace", new TraceTaker(bench.intake));
        return takers;
    }

    @Test
    void profilesAreScrapedWhereAJobNamesThem() throws Exception {
        try (GoService service = GoService.start(binary)) {
            ScrapeJob job = new ScrapeJob(
                    "go",
                    "http",
                    Map.of(),
                    EndpointKind.ALL.stream()
                            .filter(it -> it != EndpointKind.TRACE)
                            .map(Endpoint::of)
                            .toList(),
                    Duration.ofSeconds(20),
                    0.1,
                    HttpAccess.plain(Duration.ofSeconds(5)),
                    List.of(new FileTargets(List.of(folder.resolve("*.json")), Duration.ofMillis(100))));
            targets("[" + group(service.address(), "profiled", "profiled-1") + "]");
            try (Scrapers scrapers = new Scrapers(
                    List.of(job), ProfileTaker.all(bench.intake), 2, Clock.systemUTC(), new SplittableRandom(1))) {
                scrapers.start();
                await().atMost(LIMIT)
                        .until(() -> scrapers.status().targets().stream()
                                        .flatMap(it -> it.endpoints().stream())
                                        .filter(it -> it.last().isPresent())
                                        .count()
                                == 3);
                Map<String, String> causes = new TreeMap<>();
                scrapers.status()
                        .targets()
                        .get(0)
                        .endpoints()
                        .forEach(it -> causes.put(
                                it.name(),
                                it.last()
                                        .orElseThrow()
                                        .trouble()
                                        .map(trouble -> trouble.cause().key())
                                        .orElse("acknowledged")));
                assertThat(causes)
                        .containsEntry("heap", "acknowledged")
                        .containsEntry("goroutine", "acknowledged")
                        .containsEntry("goroutineleak", "no_such_endpoint"); // not in an ordinary build

                ScrapeTarget target =
                        scrapers.find("profiled", Optional.empty()).get(0);
                ScrapeOutcome asked =
                        scrapers.now(target, "heap", Optional.empty()).get(60, TimeUnit.SECONDS);
                assertThat(asked.trouble()).isEmpty();
            }
        }
    }

    private static Optional<ScrapeOutcome> last(Scrapers scrapers) {
        return scrapers.status().targets().stream()
                .flatMap(it -> it.endpoints().stream())
                .flatMap((EndpointStatus it) -> it.last().stream())
                .findFirst();
    }

    private static Optional<Cause> cause(Scrapers scrapers) {
        return last(scrapers).flatMap(ScrapeOutcome::trouble).map(ScrapeTrouble::cause);
    }

    @Test
    void anUnmodifiedServiceIsTracedWhenSomebodyAsks() throws Exception {
        try (GoService service = GoService.start(binary);
                Scrapers scrapers = scrape(Duration.ofHours(1), Duration.ofSeconds(1))) {
            // Given a target that is not scraped for a long time to come, and a desk that knows it
            targets("[" + group(service.address(), "billing", "billing-1") + "]");
            CaptureDesk desk = new CaptureDesk(CaptureLimits.DEFAULT, () -> System.currentTimeMillis() * 1_000_000L);
            desk.use(new ScrapedProcesses(scrapers));
            await().atMost(LIMIT)
                    .until(() -> !scrapers.find("billing", Optional.empty()).isEmpty());

            // When somebody asks for its trace; the first scrape may be under way just then
            CaptureWish wish =
                    new CaptureWish("", "billing", Optional.empty(), 1, 2, "look", CaptureWish.AskedBy.OPERATOR);
            await().atMost(LIMIT).until(() -> {
                String id = desk.ask(wish).id();
                await().atMost(LIMIT)
                        .until(() ->
                                desk.report(id).orElseThrow().agents().get(0).state() != ShareState.TAKEN);
                return desk.report(id).orElseThrow().agents().get(0).generations() > 0;
            });

            // Then the collector has made it
            long generations = desk.status().generations();
            assertThat(generations).isPositive();
            assertThat(bench.chunks("billing", "billing-1")).hasSizeGreaterThanOrEqualTo(2);

            // And profiles too, though no job names them, as soon as it is not asked for its trace any more
            ScrapedProcesses processes = new ScrapedProcesses(scrapers);
            AgentKey process = new AgentKey("", "billing", "billing-1");
            await().atMost(LIMIT)
                    .ignoreExceptionsMatching(
                            e -> String.valueOf(e.getMessage()).contains("right now"))
                    .untilAsserted(() -> {
                        CompletableFuture<Long> profile = new CompletableFuture<>();
                        processes.begin(process, CaptureKind.GOROUTINE, 0, outcome(profile));
                        assertThat(profile.get(60, TimeUnit.SECONDS)).isEqualTo(1);
                    });
            assertThat(bench.profiles("billing", "billing-1")).hasSize(1);
        }
    }

    private static CaptureSource.Outcome outcome(CompletableFuture<Long> items) {
        return new CaptureSource.Outcome() {
            @Override
            public void arrived(Accepted accepted) {
                items.complete(accepted.generations());
            }

            @Override
            public void failed(String why) {
                items.completeExceptionally(new AssertionError(why));
            }
        };
    }

    @Test
    void servicesComeAndGoAndTheirTracesAreTakenIn() throws IOException {
        try (GoService one = GoService.start(binary);
                GoService two = GoService.start(binary);
                Scrapers scrapers = scrape(Duration.ofSeconds(2), Duration.ofSeconds(1))) {
            // Given one target in a file
            long beforeNs = System.currentTimeMillis() * 1_000_000L;
            targets("[" + group(one.address(), "orders", "orders-1") + "]");
            await().atMost(LIMIT)
                    .until(() -> !bench.chunks("orders", "orders-1").isEmpty());

            // When the file is replaced by one with another target
            targets("[" + group(two.address(), "orders", "orders-2") + "]");
            await().atMost(LIMIT)
                    .until(() -> !bench.chunks("orders", "orders-2").isEmpty());
            List<TraceChunk> first = bench.chunks("orders", "orders-1");

            // Then the first is asked no more, and chunks tell whose they are and when they were captured
            assertThat(scrapers.status().targetCount()).isEqualTo(1);
            assertThat(scrapers.find("orders", Optional.of("orders-1"))).isEmpty();
            long nowNs = System.currentTimeMillis() * 1_000_000L;
            assertThat(first).allSatisfy(chunk -> {
                assertThat(chunk.getInstance().getService()).isEqualTo("orders");
                assertThat(chunk.getCapturedUnixNs()).isBetween(beforeNs, nowNs);
                assertThat(chunk.getCapture()).matches("[0-9a-f]{32}");
            });
            assertThat(first.stream().anyMatch(TraceChunk::getLast)).isTrue();
        }
    }

    @Test
    void somebodyElsesTraceIsRespectedAndScrapingGoesOnAfterIt() throws Exception {
        try (GoService service = GoService.start(binary);
                Scrapers scrapers = scrape(Duration.ofSeconds(1), Duration.ofMillis(200))) {
            // Given somebody who traces the service by hand
            CompletableFuture<HttpResponse<byte[]>> byHand = HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(
                                            URI.create("http://" + service.address() + "/debug/pprof/trace?seconds=5"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            targets("[" + group(service.address(), "busy", "busy-1") + "]");

            // When it is scraped, then the trouble is told as what it is
            await().atMost(LIMIT).until(() -> cause(scrapers).equals(Optional.of(Cause.TRACER_BUSY)));

            // And the other's trace is whole, and afterwards ours come
            assertThat(byHand.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            await().atMost(LIMIT).until(() -> !bench.chunks("busy", "busy-1").isEmpty());
            await().atMost(LIMIT)
                    .until(() -> last(scrapers).isPresent() && cause(scrapers).isEmpty());
        }
    }

    @Test
    void aServiceThatDiesInTheMiddleLosesOnlyItsLastGeneration() throws Exception {
        try (GoService service = GoService.start(binary);
                Scrapers scrapers = scrape(Duration.ofSeconds(60), Duration.ofSeconds(30))) {
            // Given a long capture under way
            targets("[" + group(service.address(), "dying", "dying-1") + "]");
            await().atMost(LIMIT).until(() -> !bench.chunks("dying", "dying-1").isEmpty());

            // When the service is killed
            service.kill();

            // Then what came before is kept, and said
            await().atMost(LIMIT).until(() -> last(scrapers).isPresent());
            ScrapeOutcome outcome = last(scrapers).orElseThrow();
            assertThat(outcome.items()).isPositive();
            assertThat(outcome.trouble().orElseThrow().what()).contains("generations before that were taken");
        }
    }

    @Test
    void aTraceOnDemandIsAScrapeAtOnce() throws Exception {
        try (GoService service = GoService.start(binary);
                Scrapers scrapers = scrape(Duration.ofHours(1), Duration.ofMillis(100))) {
            // Given a service whose next scrape is an hour away
            targets("[" + group(service.address(), "asked", "asked-1") + "]");
            await().atMost(LIMIT).until(() -> last(scrapers).isPresent());
            ScrapeTarget target = scrapers.find("asked", Optional.empty()).get(0);
            int before = bench.chunks("asked", "asked-1").size();

            // When
            ScrapeOutcome outcome = scrapers.now(target, "trace", Optional.of(Duration.ofMillis(500)))
                    .get(60, TimeUnit.SECONDS);

            // Then
            assertThat(outcome.trouble()).isEmpty();
            assertThat(outcome.took()).isGreaterThan(Duration.ofMillis(500));
            assertThat(bench.chunks("asked", "asked-1")).hasSizeGreaterThan(before);
        }
    }
}
