package io.unpark.app.replay;

import io.unpark.app.console.UserError;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * From when to when, by the time of the events; wall clock, nanoseconds since 1970 UTC.
 *
 * @param fromUnixNs inclusive
 * @param toUnixNs exclusive
 */
public record TimeRange(long fromUnixNs, long toUnixNs) {
    /** Everything. */
    public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

    /**
     * Of the command line's texts: an instant ({@code 2026-11-01T06:00:00Z}), a time of day or a date, both UTC.
     *
     * @param from null is the beginning
     * @param to null is the end
     * @throws UserError when one is no time, or the range is empty
     */
    public static TimeRange of(String from, String to) {
        TimeRange range = new TimeRange(
                from == null ? Long.MIN_VALUE : unixNs("--from", from),
                to == null ? Long.MAX_VALUE : unixNs("--to", to));
        if (range.fromUnixNs() >= range.toUnixNs()) {
            throw UserError.usage("--from " + from + " is not before --to " + to);
        }
        return range;
    }

    private static long unixNs(String option, String text) {
        try {
            Instant instant = instant(text);
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            throw UserError.usage(
                    option + " takes a time such as 2026-11-01T06:00:00Z or 2026-11-01 (UTC), not " + text);
        }
    }

    private static Instant instant(String text) {
        if (text.indexOf('T') < 0) {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        boolean hasZone = text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > 7;
        return hasZone ? Instant.parse(text) : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    /** Whether something of that time belongs to it; what has no time always does. */
    boolean holds(long unixNs) {
        return unixNs == Moment.TIMELESS || fromUnixNs <= unixNs && unixNs < toUnixNs;
    }
}
