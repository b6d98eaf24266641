package io.unpark.ingest.scrape;

import io.unpark.ingest.Intake;
import io.unpark.ingest.TraceSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** Takes scraped traces in, generation by generation while they come. */
public final class TraceTaker implements BodyTaker {
    private final Intake intake;

    public TraceTaker(Intake intake) {
        this.intake = intake;
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
