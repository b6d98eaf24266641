package io.unpark.sink.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as the API's parameters give them. */
public final class TimeText {
    private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

    private TimeText() {}

    /**
     * ISO 8601, or so long ago as in {@code 15m} (s, m, h, d).
     *
     * @throws java.time.DateTimeException when it is neither, or no time that can be
     */
    public static Instant parse(String text, Clock clock) {
        Matcher ago = AGO.matcher(text);
        return ago.matches()
                ? clock.instant().minus(duration(Long.parseLong(ago.group(1)), ago.group(2)))
                : Instant.parse(text);
    }

    private static Duration duration(long count, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
