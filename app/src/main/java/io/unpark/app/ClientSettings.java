package io.unpark.app;

import io.unpark.app.console.UserError;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Settings for Kafka's clients as the user gave them, by Kafka's own names; nothing of them is interpreted here.
 *
 * @param clients for every client, and for the registry's by Confluent's names
 * @param streams for the topologies only, over those; Kafka Streams' own prefixes ({@code producer.}, …) work in them
 */
record ClientSettings(Map<String, String> clients, Map<String, String> streams) {
    /** Name of the section and of the prefix for every client. */
    static final String KAFKA = "kafka";

    /** Name of the section and of the prefix for the topologies. */
    static final String STREAMS = "streams";

    ClientSettings {
        clients = Map.copyOf(clients);
        streams = Map.copyOf(streams);
    }

    /** Of a properties file: {@code streams.NAME} for the topologies, {@code kafka.NAME} or only {@code NAME} for all clients. */
    static ClientSettings ofProperties(Map<String, String> properties) {
        Map<String, String> clients = new TreeMap<>();
        Map<String, String> streams = new TreeMap<>();
        properties.forEach((name, value) -> {
            if (name.startsWith(STREAMS + ".")) {
                streams.put(name.substring(STREAMS.length() + 1), value);
            } else {
                clients.put(name.startsWith(KAFKA + ".") ? name.substring(KAFKA.length() + 1) : name, value);
            }
        });
        return new ClientSettings(clients, streams);
    }

    /** Of variables such as {@code UNPARK_KAFKA_SASL_JAAS_CONFIG}: where secrets are given that no file should hold. */
    static ClientSettings ofEnvironment(Map<String, String> environment) {
        return new ClientSettings(variables(environment, KAFKA), variables(environment, STREAMS));
    }

    private static Map<String, String> variables(Map<String, String> environment, String section) {
        String start = "UNPARK_" + section.toUpperCase(Locale.ROOT) + "_";
        Map<String, String> found = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(start)) {
                found.put(
                        name.substring(start.length()).toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return found;
    }

    /**
     * Of the two sections of {@code unpark.yaml}, {@code null} where there is none. Names may be written with dots or as levels.
     *
     * @throws UserError when a value is neither text, number, truth value nor a list of these
     */
    static ClientSettings ofSections(Object kafka, Object streams) {
        return new ClientSettings(flat(KAFKA, kafka), flat(STREAMS, streams));
    }

    private static Map<String, String> flat(String section, Object value) {
        Map<String, String> found = new TreeMap<>();
        if (value != null) {
            if (!(value instanceof Map<?, ?> settings)) {
                throw UserError.usage(section + ": expected names and values");
            }
            settings.forEach((name, inner) -> put(found, section, String.valueOf(name), inner));
        }
        return found;
    }

    private static void put(Map<String, String> found, String section, String name, Object value) {
        if (value instanceof Map<?, ?> levels) {
            levels.forEach((inner, innerValue) -> put(found, section, name + "." + inner, innerValue));
        } else if (value instanceof Collection<?> list && list.stream().allMatch(ClientSettings::isScalar)) {
            found.put(name, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
        } else if (isScalar(value)) {
            found.put(name, value.toString());
        } else {
            throw UserError.usage(
                    section + "." + name + ": expected text, a number, true or false, or a list of these");
        }
    }

    private static boolean isScalar(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    /** These, and the other's over them. */
    ClientSettings with(ClientSettings other) {
        return new ClientSettings(merged(clients, other.clients), merged(streams, other.streams));
    }

    private static Map<String, String> merged(Map<String, String> lower, Map<String, String> upper) {
        Map<String, String> merged = new TreeMap<>(lower);
        merged.putAll(upper);
        return merged;
    }

    /** They may hold secrets. */
    @Override
    public String toString() {
        return "ClientSettings[" + clients.keySet() + ", " + streams.keySet() + "]";
    }
}
