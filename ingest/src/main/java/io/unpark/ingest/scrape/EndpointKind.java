package io.unpark.ingest.scrape;

import io.unpark.trace.pprof.GoProfile;
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

    /** Memory in use by where it was allocated, as the last collection found it: cheap. */
    public static final EndpointKind HEAP = profile(GoProfile.HEAP);

    /** All goroutines; the world stops for a moment. */
    public static final EndpointKind GOROUTINE = profile(GoProfile.GOROUTINE);

    /** Goroutines that are stuck for certain; costs a collection. Only builds with GOEXPERIMENT=goroutineleakprofile have it. */
    public static final EndpointKind GOROUTINE_LEAK = profile(GoProfile.GOROUTINE_LEAK);

    /** All that a job may name. */
    public static final List<EndpointKind> ALL = List.of(TRACE, HEAP, GOROUTINE, GOROUTINE_LEAK);

    /** Only where a job asks for it. */
    private static EndpointKind profile(GoProfile profile) {
        return new EndpointKind(
                profile.id(), "/debug/pprof/" + profile.id(), Duration.ofMinutes(1), Duration.ZERO, false, 16L << 20);
    }
}
