package io.unpark.analysis.config;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a configuration of what a file says and of environment variables, which win. Nothing is guessed: an unknown key or a
 * value of another form is refused by name.
 */
public final class ConfigReader {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|ms|s|m|h)");
    private static final int MAX_KEY = 200;

    private ConfigReader() {}

    /** A mistake in the configuration, told so that it can be mended. */
    public static final class ConfigException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ConfigException(String message) {
            super(message);
        }
    }

    /**
     * @param file nested maps, lists and scalars, as a YAML reader gives them; empty for no file
     * @param environment the process's variables; those that name no setting are ignored
     * @throws ConfigException for the first mistake found
     */
    public static AnalysisConfig read(Map<?, ?> file, Map<String, String> environment) {
        Map<Setting, Object> said = new EnumMap<>(Setting.class);
        flatten("", file, said);
        for (Setting setting : Setting.values()) {
            String override = environment.get(setting.variable());
            if (override != null) {
                said.put(setting, value(setting, override, setting.variable()));
            }
        }
        return config(said);
    }

    private static void flatten(String prefix, Map<?, ?> map, Map<Setting, Object> said) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = prefix + entry.getKey();
            if (entry.getValue() instanceof Map<?, ?> nested && key.length() < MAX_KEY) {
                flatten(key + ".", nested, said);
                continue;
            }
            Setting setting = Setting.of(key)
                    .orElseThrow(() -> new ConfigException(
                            "unknown key '" + key + "'; the nearest known one is '" + Setting.nearest(key) + "'"));
            said.put(setting, value(setting, entry.getValue(), "'" + key + "'"));
        }
    }

    private static Object value(Setting setting, Object raw, String where) {
        String text = String.valueOf(raw).strip();
        return switch (setting.form()) {
            case DURATION -> durationNs(text, where);
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

    private static AnalysisConfig config(Map<Setting, Object> said) {
        AnalysisConfig d = AnalysisConfig.DEFAULTS;
        return new AnalysisConfig(
                ns(said, Setting.GOROUTINE_LEAK_MIN_WAIT, d.leakMinWaitNs()),
                ns(said, Setting.BLOCKED_TOO_LONG_LIMIT, d.blockedRequestNs()),
                ns(said, Setting.MUTEX_CONTENTION_MIN_TOTAL, d.contentionMinWaitNs()),
                count(said, Setting.MUTEX_CONTENTION_MIN_WAITS, d.contentionMinWaiters()),
                ns(said, Setting.SCHED_LATENCY_P99, d.schedLatencyP99Ns()),
                count(said, Setting.SCHED_LATENCY_MIN_SAMPLES, d.schedLatencyMinSamples()),
                10 * count(said, Setting.GC_PRESSURE_SHARE, d.gcSharePermille() / 10),
                10 * count(said, Setting.GC_PRESSURE_MIN_BUSY, d.gcMinBusyPermille() / 10),
                ns(said, Setting.WORK_AFTER_DEADLINE_SLACK, d.deadlineSlackNs()),
                ns(said, Setting.STW_PAUSE_LIMIT, d.stwPauseNs()),
                count(said, Setting.GOROUTINE_SURGE_MIN_GOROUTINES, d.surgeMinGoroutines()),
                count(said, Setting.GOROUTINE_SURGE_FACTOR, d.surgeFactor()),
                ns(said, Setting.GOROUTINE_SURGE_MIN_AGE, d.surgeMinAgeNs()),
                Set.copyOf(texts(said, Setting.LONG_POLL_ROUTES)),
                List.copyOf(new TreeSet<>(texts(said, Setting.USER_PACKAGES))));
    }

    private static long ns(Map<Setting, Object> said, Setting setting, long otherwise) {
        return said.get(setting) instanceof Long value ? value : otherwise;
    }

    private static int count(Map<Setting, Object> said, Setting setting, int otherwise) {
        return said.get(setting) instanceof Integer value ? value : otherwise;
    }

    private static List<String> texts(Map<Setting, Object> said, Setting setting) {
        return said.get(setting) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
