package io.unpark.analysis.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is said for some services and routes only. The nearest word wins: a route of a service, a route of any service, a service,
 * all.
 */
public final class Overrides {
    /** Nothing is said for anybody in particular. */
    public static final Overrides NONE = new Overrides(Map.of(), Map.of());

    /** Whom a value is for; "" is any service or any route. */
    record Scope(String service, String route) implements Comparable<Scope> {
        static final Scope ALL = new Scope("", "");

        boolean covers(Scope other) {
            return (service.isEmpty() || service.equals(other.service))
                    && (route.isEmpty() || route.equals(other.route));
        }

        /** Of two that cover the same, the one that sorts later is nearer. */
        @Override
        public int compareTo(Scope other) {
            int byRoute = Boolean.compare(route.isEmpty(), other.route.isEmpty());
            int byService = Boolean.compare(service.isEmpty(), other.service.isEmpty());
            if (byRoute != 0) {
                return -byRoute;
            }
            if (byService != 0) {
                return -byService;
            }
            int byName = service.compareTo(other.service);
            return byName != 0 ? byName : route.compareTo(other.route);
        }

        @Override
        public String toString() {
            return (service.isEmpty() ? "" : " for service " + service)
                    + (route.isEmpty() ? "" : " for route " + route);
        }
    }

    private final Map<Setting, Object> base;
    private final TreeMap<Scope, Map<Setting, Object>> scopes;

    private Overrides(Map<Setting, Object> base, Map<Scope, Map<Setting, Object>> scopes) {
        this.base = Map.copyOf(base);
        this.scopes = new TreeMap<>(scopes);
    }

    static Overrides of(Map<Setting, Object> base, Map<Scope, Map<Setting, Object>> scopes) {
        return scopes.isEmpty() ? NONE : new Overrides(base, scopes);
    }

    boolean isEmpty() {
        return scopes.isEmpty();
    }

    /** What holds for one service and route; either may be "". */
    Map<Setting, Object> settled(String service, String route) {
        Map<Setting, Object> said = new EnumMap<>(Setting.class);
        said.putAll(base);
        Scope asked = new Scope(service, route);
        scopes.forEach((scope, values) -> {
            if (scope.covers(asked)) {
                said.putAll(values);
            }
        });
        return said;
    }

    /** One text for each value that is said for somebody. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        scopes.forEach((scope, values) ->
                new TreeMap<>(values).forEach((setting, value) -> texts.add(setting.key() + scope + "=" + value)));
        return texts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Overrides o && base.equals(o.base) && scopes.equals(o.scopes);
    }

    @Override
    public int hashCode() {
        return 31 * base.hashCode() + scopes.hashCode();
    }

    @Override
    public String toString() {
        return "Overrides" + texts();
    }
}
