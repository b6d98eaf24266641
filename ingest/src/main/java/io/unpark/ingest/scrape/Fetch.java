package io.unpark.ingest.scrape;

import io.unpark.ingest.outgoing.HttpAccess;
import io.unpark.ingest.scrape.BodyTaker.Taken;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a target for something and has it taken in. Thread-safe. */
final class Fetch {
    private static final Logger LOG = LoggerFactory.getLogger(Fetch.class);
    private static final int ERROR_BYTES = 1_000;

    private final Map<String, BodyTaker> takers;
    private final Clock clock;
    private final ScheduledExecutorService timer;

    /**
     * @param takers by the name of the endpoint's kind
     * @param timer closes bodies that come too slowly
     */
    Fetch(Map<String, BodyTaker> takers, Clock clock, ScheduledExecutorService timer) {
        this.takers = Map.copyOf(takers);
        this.clock = clock;
        this.timer = timer;
    }

    /** Never throws because of the target. Interrupting the thread ends it. */
    ScrapeOutcome run(ScrapeJob job, ScrapeTarget target, Endpoint endpoint, Duration collecting) {
        Instant began = clock.instant();
        Attempt attempt = new Attempt(target, endpoint, collecting.plus(job.timeout()));
        Optional<ScrapeTrouble> trouble;
        try {
            trouble = attempt.run(job.access(), endpoint.query(collecting), began);
        } catch (RuntimeException e) {
            LOG.error("scrape of {} of {} failed", endpoint.name(), target.base(), e);
            trouble = Optional.of(Troubles.internal(e));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - attempt.beganNs);
        return new ScrapeOutcome(began, took, attempt.bytes, attempt.items, trouble);
    }

    private final class Attempt {
        private final ScrapeTarget target;
        private final Endpoint endpoint;
        private final long deadlineNs;
        private final long beganNs = System.nanoTime();
        private final AtomicBoolean late = new AtomicBoolean();
        private long bytes;
        private long items;

        Attempt(ScrapeTarget target, Endpoint endpoint, Duration atMost) {
            this.target = target;
            this.endpoint = endpoint;
            this.deadlineNs = beganNs + atMost.toNanos();
        }

        Optional<ScrapeTrouble> run(HttpAccess access, String pathAndQuery, Instant began) {
            HttpClient client;
            HttpRequest request;
            try {
                client = access.client();
                request = access.request(target.uri(pathAndQuery))
                        .header("User-Agent", "unpark")
                        .build();
            } catch (IOException e) {
                return Optional.of(Troubles.credentials(e));
            }
            try {
                HttpResponse<InputStream> response = answer(client, request);
                ScheduledFuture<?> watch = timer.schedule(
                        () -> {
                            late.set(true);
                            closeQuietly(response.body());
                        },
                        leftNs(),
                        TimeUnit.NANOSECONDS);
                try (InputStream in = response.body()) {
                    return take(response, in, began);
                } finally {
                    watch.cancel(false);
                }
            } catch (IOException e) {
                return Optional.of(Troubles.thrown(e, late.get()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of(Troubles.busy("the collector was told to end"));
            }
        }

        private long leftNs() {
            return Math.max(1, deadlineNs - System.nanoTime());
        }

        private HttpResponse<InputStream> answer(HttpClient client, HttpRequest request)
                throws IOException, InterruptedException {
            CompletableFuture<HttpResponse<InputStream>> answer =
                    client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
            try {
                return answer.get(leftNs(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            } catch (TimeoutException e) {
                late.set(true);
                throw new IOException(e);
            } finally {
                if (!answer.isDone()) {
                    // The service notices that nobody listens, and stops tracing.
                    answer.cancel(true);
                }
            }
        }

        private Optional<ScrapeTrouble> take(HttpResponse<InputStream> response, InputStream in, Instant began)
                throws IOException {
            if (response.statusCode() != 200) {
                String text = new String(in.readNBytes(ERROR_BYTES), StandardCharsets.UTF_8);
                String location = response.headers().firstValue("Location").orElse("");
                return Optional.of(Troubles.answer(
                        response.statusCode(), text, location, response.uri().getRawPath()));
            }
            Body body = new Body(in, endpoint.kind().maxBytes());
            try {
                long beganUnixNs =
                        Math.addExact(Math.multiplyExact(began.getEpochSecond(), 1_000_000_000L), began.getNano());
                Taken taken = takers.get(endpoint.name()).take(target, beganUnixNs, body);
                items = taken.items();
                return Optional.empty();
            } catch (PartlyTaken e) {
                items = e.items();
                throw e;
            } finally {
                bytes = body.bytes();
            }
        }
    }

    private static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            LOG.debug("closing a late answer", e);
        }
    }
}
