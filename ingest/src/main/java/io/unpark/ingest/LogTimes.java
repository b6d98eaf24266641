package io.unpark.ingest;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moments that loggers write. Only those that name their zone count: the others could be hours wrong. */
final class LogTimes {
    private static final Pattern RFC3339 = Pattern.compile(
            "(?<date>\\d{4}-\\d\\d-\\d\\d)[T ](?<time>\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?)(?<zone>Z|[+-]\\d\\d:?\\d\\d)");

    /** Years 2001 to 2286: outside, a number is not a moment in the unit that its size suggests. */
    private static final BigDecimal MIN_SECONDS = BigDecimal.valueOf(1_000_000_000L);

    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(9_223_372_036L);

    private LogTimes() {}

    /** Nanoseconds since 1970 UTC of the first RFC 3339 moment in the text; 0 when there is none. */
    static long inText(String text) {
        Matcher matcher = RFC3339.matcher(text);
        if (!matcher.find()) {
            return 0;
        }
        String zone = matcher.group("zone");
        if (zone.length() == 5) {
            zone = zone.substring(0, 3) + ":" + zone.substring(3);
        }
        String moment = matcher.group("date") + "T" + matcher.group("time").replace(',', '.') + zone;
        try {
            Instant instant = OffsetDateTime.parse(moment).toInstant();
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
        } catch (DateTimeException | ArithmeticException notAMoment) {
            return 0;
        }
    }

    /** Nanoseconds since 1970 UTC of a number of seconds, ms, µs or ns, told apart by size; 0 when it is none. */
    static long ofNumber(String number) {
        if (number.length() > 30 || !number.matches("\\d{10,19}(\\.\\d{1,9})?")) {
            return 0;
        }
        BigDecimal seconds = new BigDecimal(number);
        while (seconds.compareTo(MAX_SECONDS) > 0) {
            seconds = seconds.movePointLeft(3);
        }
        return seconds.compareTo(MIN_SECONDS) < 0
                ? 0
                : seconds.movePointRight(9).longValue();
    }
}
