package io.unpark.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpHandler;
import io.unpark.ingest.discovery.StaticTargets;
import io.unpark.ingest.discovery.TargetGroup;
import io.unpark.ingest.discovery.TargetSource;
import io.unpark.ingest.outgoing.HttpAccess;
import io.unpark.ingest.scrape.ScrapeStatus.EndpointStatus;
import io.unpark.ingest.scrape.ScrapeTrouble.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schedules, limits and troubles, against servers that answer what a test wants. */
class ScrapersTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Queue<String> taken = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable it : open) {
            it.close();
        }
    }

    private Scrapers started(int concurrency, ScrapeJob... jobs) {
        Scrapers scrapers = new Scrapers(
                List.of(jobs),
                Map.of("quick", this::take, "slow", this::take),
                concurrency,
                Clock.systemUTC(),
                new SplittableRandom(1));
        open.add(0, scrapers);
        scrapers.start();
        return scrapers;
    }

    private BodyTaker.Taken take(ScrapeTarget target, long beganUnixNs, InputStream body) throws IOException {
        taken.add(target.instance() + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8));
        return new BodyTaker.Taken(1);
    }

    private static EndpointKind kind(String name, Duration every) {
        return new EndpointKind(name, "/" + name, every, Duration.ZERO, true, 1_000);
    }

    private static ScrapeJob job(Duration every, Duration timeout, TargetSource source) {
        return new ScrapeJob(
                "shop",
                "http",
                Map.of(),
                List.of(Endpoint.of(kind("quick", every))),
                timeout,
                0.1,
                HttpAccess.plain(Duration.ofSeconds(2)),
                List.of(source));
    }

    private static ScrapeJob job(Duration every, String... addresses) {
        return job(
                every,
                Duration.ofSeconds(5),
                new StaticTargets(List.of(new TargetGroup(List.of(addresses), Map.of()))));
    }

    private PprofServer server(HttpHandler answer) throws IOException {
        PprofServer server = new PprofServer(answer);
        open.add(server);
        return server;
    }

    private static EndpointStatus only(Scrapers scrapers) {
        return scrapers.status().targets().get(0).endpoints().get(0);
    }

    private static ScrapeTrouble trouble(Scrapers scrapers) {
        await().atMost(LIMIT)
                .until(() -> scrapers.status().targetCount() == 1
                        && only(scrapers).last().isPresent());
        return only(scrapers).last().get().trouble().orElseThrow();
    }

    @Test
    void targetsAreAskedAgainAndAgain() throws IOException {
        // Given
        PprofServer server = server(PprofServer.text(200, "body"));

        // When
        Scrapers scrapers = started(2, job(Duration.ofMillis(200), server.address()));

        // Then
        await().atMost(LIMIT).until(() -> taken.size() >= 4);
        assertThat(taken).containsOnly(server.address() + " body");
        EndpointStatus status = only(scrapers);
        assertThat(status.failuresInARow()).isZero();
        assertThat(status.last().orElseThrow().bytes()).isEqualTo(4);
        assertThat(scrapers.totals("shop", "quick").orElseThrow().good()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void noMoreThanTheLimitAreAskedAtOnce() throws Exception {
        // Given a server that holds its answers until three have asked, which must not happen
        Together three = new Together(3);
        PprofServer server = server(three);
        List<TargetGroup> eight = IntStream.range(0, 8)
                .mapToObj(i -> new TargetGroup(
                        List.of(server.address()), Map.of("instance", "i" + i, "__path_prefix__", "/p" + i)))
                .toList();

        // When eight targets are due with room for two
        started(2, job(Duration.ofMillis(100), Duration.ofSeconds(5), new StaticTargets(eight)));
        await().atMost(LIMIT).until(() -> server.requests.get() >= 12);

        // Then
        assertThat(three.most()).isLessThanOrEqualTo(2);
        assertThat(server.asked.stream().distinct().count()).isEqualTo(8);
    }

    @Test
    void oneTargetIsAskedForOneThingAtATime() throws Exception {
        // Given two endpoints that are due all the time
        Together two = new Together(2);
        PprofServer server = server(two);
        ScrapeJob job = new ScrapeJob(
                "shop",
                "http",
                Map.of(),
                List.of(
                        Endpoint.of(kind("quick", Duration.ofMillis(20))),
                        Endpoint.of(kind("slow", Duration.ofMillis(20)))),
                Duration.ofSeconds(5),
                0,
                HttpAccess.plain(Duration.ofSeconds(2)),
                List.of(new StaticTargets(List.of(new TargetGroup(List.of(server.address()), Map.of())))));

        // When
        started(4, job);
        await().atMost(LIMIT).until(() -> server.requests.get() >= 20);

        // Then both get their turn, never together
        assertThat(two.most()).isEqualTo(1);
        assertThat(server.asked).contains("/quick", "/slow");
    }

    @Test
    void aTracerThatIsBusyIsLeftAlone() throws IOException {
        // Given what net/http/pprof answers when somebody else traces
        PprofServer server = server(PprofServer.text(500, "Could not enable tracing: tracing is already enabled\n"));

        // When
        Scrapers scrapers = started(1, job(Duration.ofSeconds(20), server.address()));

        // Then it says so, and the next attempt is not sooner than three quarters of the interval
        ScrapeTrouble trouble = trouble(scrapers);
        assertThat(trouble.cause()).isEqualTo(Cause.TRACER_BUSY);
        assertThat(trouble.what()).contains("somebody else is tracing", "already enabled");
        assertThat(trouble.nextStep()).contains("agent");
        assertThat(only(scrapers).nextInMs()).isGreaterThan(10_000);
    }

    @Test
    void aServiceWithoutPprofIsToldWhatToDo() throws IOException {
        PprofServer server = server(PprofServer.text(404, "404 page not found\n"));

        Scrapers scrapers = started(1, job(Duration.ofSeconds(20), server.address()));

        assertThat(trouble(scrapers).cause()).isEqualTo(Cause.NO_SUCH_ENDPOINT);
        assertThat(trouble(scrapers).nextStep()).contains("Import net/http/pprof");
    }

    @Test
    void redirectsAreNotFollowed() throws IOException {
        PprofServer elsewhere = server(PprofServer.text(200, "secret place"));
        PprofServer server = server(exchange -> {
            exchange.getResponseHeaders().add("Location", "http://" + elsewhere.address() + "/");
            exchange.sendResponseHeaders(302, -1);
        });

        Scrapers scrapers = started(1, job(Duration.ofSeconds(20), server.address()));

        assertThat(trouble(scrapers).cause()).isEqualTo(Cause.REDIRECTED);
        assertThat(elsewhere.requests.get()).isZero();
    }

    @Test
    void aTargetThatIsNotThereIsUnreachable() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        Scrapers scrapers = started(1, job(Duration.ofSeconds(20), "127.0.0.1:" + port));

        assertThat(trouble(scrapers).cause()).isEqualTo(Cause.UNREACHABLE);
    }

    @Test
    void aBodyThatNeverEndsIsGivenUp() throws IOException {
        // Given a server that sends one byte and then nothing
        CountDownLatch end = new CountDownLatch(1);
        open.add(0, end::countDown);
        PprofServer server = server(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        // When
        Scrapers scrapers = started(
                1,
                job(
                        Duration.ofSeconds(20),
                        Duration.ofMillis(300),
                        new StaticTargets(List.of(new TargetGroup(List.of(server.address()), Map.of())))));

        // Then
        assertThat(trouble(scrapers).cause()).isEqualTo(Cause.TIMEOUT);
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws IOException {
        PprofServer server = server(PprofServer.text(200, "x".repeat(1_001)));

        Scrapers scrapers = started(1, job(Duration.ofSeconds(20), server.address()));

        assertThat(trouble(scrapers).cause()).isEqualTo(Cause.TOO_LARGE);
    }

    @Test
    void whatATargetSaysIsMadeHarmless() throws IOException {
        PprofServer server = server(PprofServer.text(503, "a\u001b[31m\r\nb".repeat(200)));

        Scrapers scrapers = started(1, job(Duration.ofSeconds(20), server.address()));

        assertThat(trouble(scrapers).what()).hasSizeLessThan(200).doesNotContain("\u001b", "\n");
    }

    @Test
    void twoTargetsCannotBeTheSameInstance() throws IOException {
        // Given two addresses that say they are orders-1
        PprofServer one = server(PprofServer.text(200, "one"));
        PprofServer two = server(PprofServer.text(200, "two"));
        TargetGroup both = new TargetGroup(List.of(one.address(), two.address()), Map.of("instance", "orders-1"));

        // When
        Scrapers scrapers =
                started(2, job(Duration.ofMillis(50), Duration.ofSeconds(5), new StaticTargets(List.of(both))));
        await().atMost(LIMIT).until(() -> taken.size() >= 3);

        // Then the first is scraped, and the other is shown with the reason
        assertThat(two.requests.get()).isZero();
        assertThat(scrapers.status().sources().get(0).rejected())
                .singleElement()
                .satisfies(it -> assertThat(it.why()).contains("orders-1", "label instance"));
    }

    @Test
    void oneTargetCanBeScrapedAtOnce() throws Exception {
        // Given a target that is due in an hour
        PprofServer server = server(PprofServer.text(200, "now"));
        Scrapers scrapers = started(1, job(Duration.ofHours(1), server.address()));
        await().atMost(LIMIT)
                .until(() -> scrapers.status().targetCount() == 1
                        && only(scrapers).last().isPresent());
        ScrapeTarget target =
                scrapers.find("shop", Optional.of(server.address())).get(0);

        // When
        CompletableFuture<ScrapeOutcome> asked = scrapers.now(target, "quick", Optional.empty());

        // Then
        assertThat(asked.get(30, TimeUnit.SECONDS).trouble()).isEmpty();
        assertThat(taken).hasSize(2);
        assertThat(scrapers.now(target, "none", Optional.empty())
                        .get()
                        .trouble()
                        .orElseThrow()
                        .cause())
                .isEqualTo(Cause.BUSY);
    }
}
