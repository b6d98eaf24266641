package io.unpark.analysis.json;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Instants as outputs show them: ISO 8601 in UTC with nine decimals. */
public final class UtcTime {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private UtcTime() {}

    /** Such as {@code 2026-11-23T00:00:00.123456789Z}; any long is a valid time of the years 1677 to 2262. */
    public static String text(long unixNs) {
        return FORMAT.format(Instant.ofEpochSecond(Math.floorDiv(unixNs, NS_PER_S), Math.floorMod(unixNs, NS_PER_S)));
    }
}
