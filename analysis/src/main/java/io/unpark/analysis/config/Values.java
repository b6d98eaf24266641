package io.unpark.analysis.config;

import io.unpark.analysis.config.ConfigReader.ConfigException;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms of values: from a text to a value and back. */
final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)");

    private Values() {}

    /**
     * The value of a setting.
     *
     * @param where names the place in messages
     * @throws ConfigException when it has another form
     */
    static Object of(Setting setting, Object raw, String where) {
        String text = String.valueOf(raw).strip();
        return switch (setting.form()) {
            case DURATION -> durationNs(text, where);
            case SIZE -> bytes(text, where);
            case COUNT -> number(text, 1, Integer.MAX_VALUE, where);
            case PERCENT -> number(text, 1, 100, where);
            case LIST ->
                raw instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of(text.split("\\s*,\\s*"));
        };
    }

    private static long durationNs(String text, String where) {
        Matcher m = DURATION.matcher(text);
        if (!m.matches()) {
            throw new ConfigException(where + " is '" + text + "', but a duration such as 250ms or 1.5s is expected");
        }
        long unitNs = switch (m.group(2)) {
            case "ns" -> 1L;
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
        return new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(unitNs)).longValue();
    }

    private static long bytes(String text, String where) {
        Matcher m = SIZE.matcher(text);
        if (!m.matches()) {
            throw new ConfigException(where + " is '" + text + "', but a size such as 512KiB or 32MiB is expected");
        }
        return Long.parseLong(m.group(1)) << shift(m.group(2));
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "B" -> 0;
            case "KiB" -> 10;
            case "MiB" -> 20;
            default -> 30;
        };
    }

    private static String bytesText(long bytes) {
        for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
            if (bytes > 0 && bytes % (1L << shift(unit)) == 0) {
                return (bytes >> shift(unit)) + unit;
            }
        }
        return bytes + "B";
    }

    private static int number(String text, int min, int max, String where) {
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, with what is allowed
        }
        throw new ConfigException(
                where + " is '" + text + "', but a whole number from " + min + " to " + max + " is expected");
    }

    /** As it is written in a file; a list by its elements. */
    static String text(Setting setting, Object value) {
        return switch (setting.form()) {
            case DURATION -> durationText((Long) value);
            case SIZE -> bytesText((Long) value);
            case COUNT, PERCENT -> String.valueOf(value);
            case LIST -> ((List<?>) value).isEmpty() ? "none" : value.toString();
        };
    }

    private static String durationText(long ns) {
        if (ns % 1_000_000_000L == 0) {
            return ns / 1_000_000_000L + "s";
        }
        BigDecimal number = BigDecimal.valueOf(ns);
        return ns >= 1_000_000_000L
                ? number.movePointLeft(9).stripTrailingZeros().toPlainString() + "s"
                : number.movePointLeft(6).stripTrailingZeros().toPlainString() + "ms";
    }
}
