package io.unpark.app;

import io.unpark.app.console.UserError;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The section {@code server} of unpark.yaml, and the environment over it: {@code UNPARK_SERVER_ACCESS} and so on. */
final class ServerSettings {
    /** The section's name in the file. */
    static final String SECTION = "server";

    private static final Set<String> KEYS = Stream.concat(
                    LoginOptions.KEYS.stream(),
                    Stream.of(
                            "access",
                            "allow_anyone",
                            "tls.certificate",
                            "tls.key",
                            "tls.client_ca",
                            "client.pushes_per_second",
                            "client.bytes_per_second",
                            "client.concurrent_pushes"))
            .collect(Collectors.toUnmodifiableSet());

    private final Map<String, String> values = new TreeMap<>();

    private ServerSettings() {}

    /** @throws UserError when there is an unknown key */
    static ServerSettings of(Map<?, ?> section, Map<String, String> environment) {
        ServerSettings settings = new ServerSettings();
        settings.add("", section);
        for (String key : KEYS) {
            String variable = "UNPARK_SERVER_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
            if (environment.containsKey(variable)) {
                settings.values.put(key, environment.get(variable));
            }
        }
        return settings;
    }

    private void add(String before, Map<?, ?> section) {
        section.forEach((name, value) -> {
            String key = before + name;
            if (value instanceof Map<?, ?> nested && KEYS.stream().anyMatch(it -> it.startsWith(key + "."))) {
                add(key + ".", nested);
            } else if (KEYS.contains(key) && value != null) {
                values.put(key, String.valueOf(value));
            } else {
                throw UserError.usage("unknown key 'server." + key + "'; known are "
                        + String.join(", ", KEYS.stream().sorted().toList()));
            }
        });
    }

    /** @param option of the command line, which wins; null when it was not given */
    Path path(String key, Path option) {
        String value = values.get(key);
        return option != null || value == null ? option : Path.of(value);
    }

    /** As {@link #path}, of a text; null when it is nowhere, or empty. */
    String text(String key, String option) {
        String value = option != null ? option : values.get(key);
        return value == null || value.isBlank() ? null : value;
    }

    boolean flag(String key) {
        return Boolean.parseBoolean(values.get(key));
    }

    /** @throws UserError when it is no whole number */
    long number(String key, long usual) {
        String value = values.get(key);
        try {
            return value == null ? usual : Long.parseLong(value.replace("_", ""));
        } catch (NumberFormatException e) {
            throw UserError.usage("'server." + key + "' takes a whole number, not '" + value + "'");
        }
    }
}
