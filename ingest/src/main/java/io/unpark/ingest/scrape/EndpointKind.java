package io.unpark.ingest.scrape;

import java.time.Duration;

/**
 * Something that Go services offer, and what becomes of it. Jobs name the kinds that they want.
 *
 * @param name in the configuration, the status and the metrics: {@code trace}, {@code heap}
 * @param path where {@code net/http/pprof} has it; may have a query
 * @param every how often, unless the job says otherwise
 * @param collecting how long the service collects before all is there, asked for as {@code seconds}; zero for what is there at once
 * @param byDefault whether jobs that name no endpoints want it
 * @param maxBytes longest body taken, as it comes
 * @param taker gets the bodies
 */
public record EndpointKind(
        String name,
        String path,
        Duration every,
        Duration collecting,
        boolean byDefault,
        long maxBytes,
        BodyTaker taker) {}
