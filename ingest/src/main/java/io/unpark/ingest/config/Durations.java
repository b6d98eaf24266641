package io.unpark.ingest.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Prometheus writes them: {@code 1d}, {@code 1h30m}, {@code 500ms}. */
public final class Durations {
    private static final Pattern FORM =
            Pattern.compile("(?:(?<d>\\d{1,5})d)?(?:(?<h>\\d{1,6})h)?(?:(?<m>\\d{1,8})m(?!s))?"
                    + "(?:(?<s>\\d{1,9})s)?(?:(?<ms>\\d{1,12})ms)?");

    private Durations() {}

    /** Nothing when the text is none. */
    public static Optional<Duration> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.isEmpty() || !form.matches()) {
            return text.equals("0") ? Optional.of(Duration.ZERO) : Optional.empty();
        }
        return Optional.of(Duration.ofDays(number(form, "d"))
                .plusHours(number(form, "h"))
                .plusMinutes(number(form, "m"))
                .plusSeconds(number(form, "s"))
                .plusMillis(number(form, "ms")));
    }

    private static long number(Matcher form, String unit) {
        return form.group(unit) == null ? 0 : Long.parseLong(form.group(unit));
    }

    static String text(Duration duration) {
        if (duration.toDaysPart() > 0 && duration.toHoursPart() == 0) {
            return duration.toDays() + "d";
        }
        return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
