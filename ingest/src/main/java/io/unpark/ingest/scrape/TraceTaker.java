package io.unpark.ingest.scrape;

import io.unpark.ingest.Intake;
import io.unpark.ingest.TraceSource;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Takes scraped traces in, generation by generation while they come. */
public final class TraceTaker implements BodyTaker {
    /** Beyond it a target has gone mad, or is none: ten minutes of a busy one are half of it. */
    private static final long MAX_BYTES = 512L << 20;

    private final Intake intake;

    private TraceTaker(Intake intake) {
        this.intake = intake;
    }

    /** The endpoint {@code trace}: five seconds of each minute. */
    public static EndpointKind kind(Intake intake) {
        return new EndpointKind(
                "trace",
                "/debug/pprof/trace",
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                true,
                MAX_BYTES,
                new TraceTaker(intake));
    }

    @Override
    public Taken take(ScrapeTarget target, long beganUnixNs, InputStream body) throws IOException {
        TraceSource source = new TraceSource(
                target.namespace(),
                target.service(),
                Optional.of(target.instance()),
                target.version(),
                Optional.empty(),
                OptionalLong.empty(),
                intake::nowUnixNs,
                -1);
        Intake.Trace trace = intake.trace(source);
        try {
            trace.take(body);
        } catch (IOException e) {
            throw trace.progress().generations() == 0
                    ? e
                    : new PartlyTaken(trace.progress().generations(), e);
        }
        return new Taken(trace.progress().generations());
    }
}
