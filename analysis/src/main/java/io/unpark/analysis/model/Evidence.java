package io.unpark.analysis.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Facts that a reader can check, by name. A value is a Long, a Boolean, a String, or a List of Strings; names carry their
 * unit ({@code waited_ns}). Sorted, so that equal evidence is equal text.
 */
public record Evidence(SortedMap<String, Object> values) {
    public static final Evidence NONE = new Evidence(new TreeMap<>());

    public Evidence {
        values.forEach(Evidence::check);
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    private static void check(String name, Object value) {
        boolean known =
                value instanceof Long || value instanceof Boolean || value instanceof String || isStrings(value);
        if (!known) {
            throw new IllegalArgumentException("evidence " + name + " has a value of "
                    + (value == null ? "null" : value.getClass().getName()));
        }
    }

    private static boolean isStrings(Object value) {
        return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
    }

    /** This evidence and one more fact. */
    public Evidence with(String name, Object value) {
        SortedMap<String, Object> more = new TreeMap<>(values);
        more.put(name, value);
        return new Evidence(more);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects facts; what is empty or not known is left out by the caller. */
    public static final class Builder {
        private final SortedMap<String, Object> values = new TreeMap<>();

        private Builder() {}

        public Builder put(String name, long value) {
            values.put(name, value);
            return this;
        }

        public Builder put(String name, boolean value) {
            values.put(name, value);
            return this;
        }

        public Builder put(String name, String value) {
            values.put(name, value);
            return this;
        }

        public Builder put(String name, List<String> value) {
            values.put(name, List.copyOf(value));
            return this;
        }

        public Evidence build() {
            return new Evidence(values);
        }
    }
}
