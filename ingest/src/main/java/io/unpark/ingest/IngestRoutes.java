package io.unpark.ingest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.unpark.ingest.capture.CaptureDesk;
import io.unpark.ingest.capture.CaptureLimits;
import io.unpark.ingest.capture.CaptureRoutes;
import io.unpark.ingest.security.BodyPace;
import io.unpark.ingest.security.PushClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/**
 * The HTTP side of the collector: {@code POST /ingest/v1/trace}, {@code /race} and {@code /profile}. A push is answered with 202 after the
 * broker's acknowledgement; what is refused is a problem document (RFC 9457).
 */
public final class IngestRoutes {
    /** Read of a refused body, so that its client gets to read the answer. */
    private static final int MAX_DRAIN_BYTES = 16 << 20;

    /** Of the heap; the rest is for the producer's buffer and everything else. */
    private static final int HELD_SHARE = 2;

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

    private final PushLine line;
    private final IngestCounters counters = new IngestCounters();
    private final TracePush tracePush;
    private final RacePush racePush;
    private final CaptureRoutes captures;
    private final ProfilePush profilePush;
    private final Intake intake;

    /**
     * @param producer stays the caller's to close
     * @param nowUnixNs the wall clock, nanoseconds since 1970 UTC
     */
    public IngestRoutes(ChunkProducer producer, IngestLimits limits, LongSupplier nowUnixNs) {
        this.line = new PushLine(limits);
        HeldBytes heldBytes = new HeldBytes(Runtime.getRuntime().maxMemory() / HELD_SHARE);
        this.captures = new CaptureRoutes(new CaptureDesk(CaptureLimits.DEFAULT, nowUnixNs));
        this.tracePush = new TracePush(producer, limits, counters, captures, heldBytes, nowUnixNs);
        this.racePush = new RacePush(producer, limits, counters, heldBytes, nowUnixNs);
        this.profilePush = new ProfilePush(producer, limits, counters, heldBytes, nowUnixNs);
        this.intake = new Intake(producer, limits, counters, nowUnixNs);
    }

    /** Adds its routes to a server; it may have others. */
    public void register(RoutesConfig routes) {
        routes.post("/ingest/v1/trace", context -> handle(context, tracePush));
        routes.post("/ingest/v1/race", context -> handle(context, racePush));
        routes.post("/ingest/v1/profile", context -> handle(context, profilePush));
        captures.register(routes);
    }

    /** Traces on demand. To be closed before the server is stopped, as agents wait for its answers. */
    public CaptureDesk captures() {
        return captures.desk();
    }

    /** The way in for what is not pushed: it counts and keeps with the pushes. */
    public Intake intake() {
        return intake;
    }

    /** What was taken in and refused since this object was made. */
    public IngestStatus status() {
        return counters.snapshot(line);
    }

    /** Profiles acknowledged by the broker since this object was made. */
    public long acceptedProfiles() {
        return counters.profiles();
    }

    /** What a route does with a body within the limits; its answer is in the context or in the exception. */
    interface Push {
        /** Answers with 202, or returns why not. */
        Problem take(Context context) throws IOException, RefusedException;
    }

    private void handle(Context context, Push push) {
        PushClient client =
                PushClient.of(context).orElseGet(() -> new PushClient("address " + context.ip(), Integer.MAX_VALUE));
        CompletableFuture<Boolean> called = line.ask(client);
        if (called.isDone()) {
            take(context, push, client, called.join());
            return;
        }
        Executor threads = ServletContextRequest.getServletContextRequest(context.req())
                .getComponents()
                .getExecutor();
        // Not on the thread of the push that made room, nor on the one that keeps the time.
        context.future(() -> called.thenAcceptAsync(it -> take(context, push, client, it), threads));
    }

    private void take(Context context, Push push, PushClient client, boolean hasPlace) {
        Problem problem;
        if (hasPlace) {
            try {
                problem = push.take(context);
            } catch (RefusedException e) {
                problem = new Problem(e.refusal(), e.getMessage(), Map.of());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                line.leave(client);
            }
        } else {
            String detail = "there are too many pushes at once, and none of them ended soon enough";
            problem = new Problem(Refusal.TOO_MANY_PUSHES, detail, Map.of());
        }
        if (problem != null) {
            counters.refused(problem.refusal());
            problem.write(context);
            BodyPace.drain(context, MAX_DRAIN_BYTES, DRAIN_LIMIT);
        }
    }
}
