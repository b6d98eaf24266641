package io.unpark.ingest.scrape;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What came of one scrape.
 *
 * @param bytes of the body, as it came
 * @param items see {@link BodyTaker.Taken}; those before a trouble that cut it are counted in the message only
 * @param trouble nothing, when all is well
 */
public record ScrapeOutcome(Instant began, Duration took, long bytes, long items, Optional<ScrapeTrouble> trouble) {}
