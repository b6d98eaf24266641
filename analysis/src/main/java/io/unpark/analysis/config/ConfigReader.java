package io.unpark.analysis.config;

import io.unpark.analysis.config.Overrides.Scope;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes a configuration of what a file says and of environment variables, which win over what the file says for all. Nothing is
 * guessed: an unknown key or a value of another form is refused by name.
 *
 * <p>A threshold may be said for a service, a route of it, or a route of any service:
 * {@code thresholds.KIND.services.SERVICE.routes.ROUTE.NAME}. The nearest word wins.
 */
public final class ConfigReader {
    private static final int MAX_DEPTH = 12;
    private static final String SERVICES = "services";
    private static final String ROUTES = "routes";

    private final Map<Scope, Map<Setting, Object>> said = new TreeMap<>();

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
        ConfigReader reader = new ConfigReader();
        reader.walk(Scope.ALL, "", "", file, 0);
        Map<Setting, Object> base = new EnumMap<>(Setting.class);
        base.putAll(reader.said.getOrDefault(Scope.ALL, Map.of()));
        base.putAll(ofEnvironment(environment));
        reader.said.remove(Scope.ALL);
        return config(base, Overrides.of(base, reader.said));
    }

    /** What the variables say. */
    static Map<Setting, Object> ofEnvironment(Map<String, String> environment) {
        Map<Setting, Object> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            String override = environment.get(setting.variable());
            if (override != null) {
                values.put(setting, Values.of(setting, override, setting.variable()));
            }
        }
        return values;
    }

    /** What the file says for all and for some; keys are checked, variables are not looked at. */
    static Map<Scope, Map<Setting, Object>> ofFile(Map<?, ?> file) {
        ConfigReader reader = new ConfigReader();
        reader.walk(Scope.ALL, "", "", file, 0);
        return reader.said;
    }

    /**
     * @param key the setting's key so far, without the names of services and routes
     * @param path the whole path, for messages
     */
    private void walk(Scope scope, String key, String path, Map<?, ?> map, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ConfigException("'" + path + "' is nested too deeply");
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            String here = path.isEmpty() ? name : path + "." + name;
            if (isScope(key, name) && entry.getValue() instanceof Map<?, ?> named) {
                scopes(scope, key, name, here, named, depth);
                continue;
            }
            String full = key.isEmpty() ? name : key + "." + name;
            if (entry.getValue() instanceof Map<?, ?> nested) {
                walk(scope, full, here, nested, depth + 1);
            } else {
                say(scope, full, here, entry.getValue());
            }
        }
    }

    /** {@code services} and {@code routes} stand under a kind: {@code thresholds.KIND}. */
    private static boolean isScope(String key, String name) {
        boolean underKind = key.startsWith("thresholds.") && key.indexOf('.', "thresholds.".length()) < 0;
        return underKind && (name.equals(SERVICES) || name.equals(ROUTES));
    }

    private void scopes(Scope outer, String key, String level, String path, Map<?, ?> named, int depth) {
        for (Map.Entry<?, ?> entry : named.entrySet()) {
            String name = String.valueOf(entry.getKey());
            String here = path + "." + name;
            if (!(entry.getValue() instanceof Map<?, ?> values)) {
                throw new ConfigException("'" + here + "' has a value, but a " + level.replaceFirst("s$", "")
                        + "'s thresholds are expected under it");
            }
            walk(inner(outer, level, name, here), key, here, values, depth + 1);
        }
    }

    private static Scope inner(Scope outer, String level, String name, String path) {
        boolean service = level.equals(SERVICES);
        if (service && (!outer.service().isEmpty() || !outer.route().isEmpty())
                || !service && !outer.route().isEmpty()) {
            throw new ConfigException("'" + path + "': routes stand under services, not the other way round");
        }
        return service ? new Scope(name, "") : new Scope(outer.service(), name);
    }

    private void say(Scope scope, String key, String path, Object raw) {
        Setting setting = Setting.of(key)
                .orElseThrow(() -> new ConfigException(
                        "unknown key '" + path + "'; the nearest known one is '" + Setting.nearest(key) + "'"));
        if (!scope.route().isEmpty() && !setting.isOfRequests()) {
            throw new ConfigException(
                    "'" + path + "': this kind is judged for a whole process, so it has no thresholds of routes");
        }
        said.computeIfAbsent(scope, s -> new EnumMap<>(Setting.class))
                .put(setting, Values.of(setting, raw, "'" + path + "'"));
    }

    static AnalysisConfig config(Map<Setting, Object> said, Overrides overrides) {
        return new AnalysisConfig(
                amount(said, Setting.GOROUTINE_LEAK_MIN_WAIT),
                amount(said, Setting.BLOCKED_TOO_LONG_LIMIT),
                amount(said, Setting.MUTEX_CONTENTION_MIN_TOTAL),
                count(said, Setting.MUTEX_CONTENTION_MIN_WAITS),
                amount(said, Setting.SCHED_LATENCY_P99),
                count(said, Setting.SCHED_LATENCY_MIN_SAMPLES),
                10 * count(said, Setting.GC_PRESSURE_SHARE),
                10 * count(said, Setting.GC_PRESSURE_MIN_BUSY),
                amount(said, Setting.WORK_AFTER_DEADLINE_SLACK),
                amount(said, Setting.STW_PAUSE_LIMIT),
                count(said, Setting.GOROUTINE_SURGE_MIN_GOROUTINES),
                count(said, Setting.GOROUTINE_SURGE_FACTOR),
                amount(said, Setting.GOROUTINE_SURGE_MIN_AGE),
                amount(said, Setting.SLOW_REQUEST_MIN),
                count(said, Setting.SLOW_REQUEST_FACTOR),
                count(said, Setting.SLOW_REQUEST_MIN_REQUESTS),
                amount(said, Setting.MISSING_DEADLINE_LIMIT),
                amount(said, Setting.DEADLINE_CLOCK_ERROR),
                count(said, Setting.SLOWEST_REQUESTS),
                new LogKeys(
                        names(said, Setting.LOG_KEYS_TRACE_ID),
                        names(said, Setting.LOG_KEYS_SPAN_ID),
                        names(said, Setting.LOG_KEYS_DEADLINE),
                        names(said, Setting.DEADLINE_HEADERS)),
                Set.copyOf(texts(said, Setting.LONG_POLL_ROUTES)),
                List.copyOf(new TreeSet<>(texts(said, Setting.USER_PACKAGES))),
                count(said, Setting.REORDER_GENERATIONS),
                growth(said),
                overrides);
    }

    private static GrowthThresholds growth(Map<Setting, Object> said) {
        return new GrowthThresholds(
                amount(said, Setting.HEAP_GROWTH_MIN),
                count(said, Setting.HEAP_GROWTH_PROFILE),
                amount(said, Setting.HEAP_GROWTH_PROFILE_MIN_SPAN),
                count(said, Setting.GOROUTINE_LEAK_PROFILE_MIN_GROWTH),
                count(said, Setting.GOROUTINE_LEAK_PROFILE_GROWTH),
                count(said, Setting.GOROUTINE_LEAK_PROFILE_MIN_PROFILES),
                amount(said, Setting.GOROUTINE_LEAK_PROFILE_MIN_SPAN));
    }

    private static Object value(Map<Setting, Object> said, Setting setting) {
        Object value = said.get(setting);
        return value != null ? value : setting.defaultValue();
    }

    /** Nanoseconds, or bytes. */
    private static long amount(Map<Setting, Object> said, Setting setting) {
        return (Long) value(said, setting);
    }

    private static int count(Map<Setting, Object> said, Setting setting) {
        return (Integer) value(said, setting);
    }

    /** Without case, in one order: what is the same has the same hash. */
    private static List<String> names(Map<Setting, Object> said, Setting setting) {
        return texts(said, setting).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .sorted()
                .toList();
    }

    private static List<String> texts(Map<Setting, Object> said, Setting setting) {
        return ((List<?>) value(said, setting)).stream().map(String::valueOf).toList();
    }
}
