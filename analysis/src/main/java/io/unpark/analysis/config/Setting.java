package io.unpark.analysis.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Every key of {@code unpark.yaml} that the analysis reads, with the form of its value and the default. */
public enum Setting {
    GOROUTINE_LEAK_MIN_WAIT("thresholds.goroutine_leak.min_wait", Form.DURATION, "1.5s"),
    GOROUTINE_LEAK_PROFILE_MIN_GROWTH("thresholds.goroutine_leak.profile_min_growth", Form.COUNT, "50"),
    GOROUTINE_LEAK_PROFILE_GROWTH("thresholds.goroutine_leak.profile_growth_percent", Form.COUNT, "100"),
    GOROUTINE_LEAK_PROFILE_MIN_PROFILES("thresholds.goroutine_leak.profile_min_profiles", Form.COUNT, "4"),
    GOROUTINE_LEAK_PROFILE_MIN_SPAN("thresholds.goroutine_leak.profile_min_span", Form.DURATION, "60s"),
    HEAP_GROWTH_MIN("thresholds.heap_growth.min_growth", Form.SIZE, "32MiB"),
    HEAP_GROWTH_PROFILE("thresholds.heap_growth.profile_growth_percent", Form.COUNT, "100"),
    HEAP_GROWTH_PROFILE_MIN_SPAN("thresholds.heap_growth.profile_min_span", Form.DURATION, "10s"),
    BLOCKED_TOO_LONG_LIMIT("thresholds.blocked_too_long.limit", Form.DURATION, "250ms"),
    MUTEX_CONTENTION_MIN_TOTAL("thresholds.mutex_contention.min_total", Form.DURATION, "500ms"),
    MUTEX_CONTENTION_MIN_WAITS("thresholds.mutex_contention.min_waits", Form.COUNT, "8"),
    SCHED_LATENCY_P99("thresholds.sched_latency.p99", Form.DURATION, "10ms"),
    SCHED_LATENCY_MIN_SAMPLES("thresholds.sched_latency.min_samples", Form.COUNT, "200"),
    GC_PRESSURE_SHARE("thresholds.gc_pressure.share_percent", Form.PERCENT, "25"),
    GC_PRESSURE_MIN_BUSY("thresholds.gc_pressure.min_busy_percent", Form.PERCENT, "5"),
    WORK_AFTER_DEADLINE_SLACK("thresholds.work_after_deadline.slack", Form.DURATION, "25ms"),
    STW_PAUSE_LIMIT("thresholds.stw_pause.limit", Form.DURATION, "10ms"),
    GOROUTINE_SURGE_MIN_GOROUTINES("thresholds.goroutine_surge.min_goroutines", Form.COUNT, "100"),
    GOROUTINE_SURGE_FACTOR("thresholds.goroutine_surge.factor", Form.COUNT, "8"),
    GOROUTINE_SURGE_MIN_AGE("thresholds.goroutine_surge.min_age", Form.DURATION, "1s"),
    MISSING_DEADLINE_LIMIT("thresholds.missing_deadline.limit", Form.DURATION, "1s"),
    DEADLINE_CLOCK_ERROR("thresholds.deadline_extended.clock_error", Form.DURATION, "25ms"),
    REORDER_GENERATIONS("limits.reorder_generations", Form.COUNT, "8"),
    SLOW_REQUEST_MIN("thresholds.slow_request.min", Form.DURATION, "50ms"),
    SLOW_REQUEST_FACTOR("thresholds.slow_request.factor", Form.COUNT, "3"),
    SLOW_REQUEST_MIN_REQUESTS("thresholds.slow_request.min_requests", Form.COUNT, "200"),
    SLOWEST_REQUESTS("limits.slowest_requests", Form.COUNT, "3"),
    LONG_POLL_ROUTES("long_poll_routes", Form.LIST, ""),
    DEADLINE_HEADERS("deadline_headers", Form.LIST, ""),
    LOG_KEYS_TRACE_ID("log_keys.trace_id", Form.LIST, ""),
    LOG_KEYS_SPAN_ID("log_keys.span_id", Form.LIST, ""),
    LOG_KEYS_DEADLINE("log_keys.deadline_unix_ms", Form.LIST, ""),
    USER_PACKAGES("user_packages", Form.LIST, "");

    /** How a value is written. */
    public enum Form {
        /** A number and a unit: {@code 250ms}, {@code 1.5s}, {@code 2m}. */
        DURATION,
        /** A whole number and a unit of bytes: {@code 512KiB}, {@code 32MiB}, {@code 1GiB}. */
        SIZE,
        /** A whole number from 1. */
        COUNT,
        /** A whole number from 1 to 100. */
        PERCENT,
        /** A list of texts; in an environment variable separated by commas. */
        LIST
    }

    private static final Set<String> OF_REQUESTS = Set.of(
            "blocked_too_long",
            "deadline_exceeded",
            "deadline_extended",
            "deadline_not_propagated",
            "missing_deadline",
            "slow_request",
            "work_after_deadline");

    private final String key;
    private final Form form;
    private final String otherwise;

    /** @param otherwise the default, as it would be written; an empty list is "" */
    Setting(String key, Form form, String otherwise) {
        this.key = key;
        this.form = form;
        this.otherwise = otherwise;
    }

    /** The value when nobody says one. */
    Object defaultValue() {
        return otherwise.isEmpty() ? List.of() : Values.of(this, otherwise, key);
    }

    /** The dotted path in the file. */
    public String key() {
        return key;
    }

    public Form form() {
        return form;
    }

    /** Judged request by request, so that a route may have thresholds of its own. */
    boolean isOfRequests() {
        return OF_REQUESTS.stream().anyMatch(kind -> key.startsWith("thresholds." + kind + "."));
    }

    /** The environment variable that overrides the file. */
    public String variable() {
        return "UNPARK_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    static Optional<Setting> of(String key) {
        return Arrays.stream(values()).filter(s -> s.key.equals(key)).findFirst();
    }

    /** The known key that is closest to an unknown one, for the error's advice. */
    static String nearest(String unknown) {
        return Arrays.stream(values())
                .map(Setting::key)
                .min(Comparator.comparingInt((String known) -> distance(known, unknown))
                        .thenComparing(known -> known))
                .orElseThrow();
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
