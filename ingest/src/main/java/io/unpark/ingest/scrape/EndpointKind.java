package io.unpark.ingest.scrape;

import java.time.Duration;
import java.util.List;

/**
 * Something that Go services offer. Jobs name the kinds that they want; what becomes of the bodies is the matter of a
 * {@link BodyTaker}.
 *
 * @param name in the configuration, the status and the metrics: {@code trace}, {@code heap}
 * @param path where {@code net/http/pprof} has it; may have a query
 * @param every how often, unless the job says otherwise
 * @param collecting how long the service collects before all is there, asked for as {@code seconds}; zero for what is there at once
 * @param byDefault whether jobs that name no endpoints want it
 * @param maxBytes longest body taken, as it comes
 */
public record EndpointKind(
        String name, String path, Duration every, Duration collecting, boolean byDefault, long maxBytes) {
    /** The execution trace: five seconds of each minute. Ten minutes of a busy service are half of the limit. */
    public static final EndpointKind TRACE = new EndpointKind(
            "trace", "/debug/pprof/trace", Duration.ofMinutes(1), Duration.ofSeconds(5), true, 512L << 20);

    /** All that a job may name. */
    public static final List<EndpointKind> ALL = List.of(TRACE);
}
