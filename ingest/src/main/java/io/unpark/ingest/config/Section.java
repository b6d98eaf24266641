package io.unpark.ingest.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.ingest.discovery.TargetGroups;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One mapping of the configuration. Values are asked for by name; {@link #end} refuses what nobody asked for. */
final class Section {
    private final JsonNode node;
    private final String path;
    private final Path folder;
    private final Set<String> known = new HashSet<>();

    /**
     * @param path for messages
     * @param folder that relative paths start from
     */
    Section(JsonNode node, String path, Path folder) {
        if (!node.isObject()) {
            throw new CollectorConfigException("'" + path + "': keys and values are expected");
        }
        this.node = node;
        this.path = path;
        this.folder = folder;
    }

    CollectorConfigException mistake(String key, String what) {
        return new CollectorConfigException("'" + path + "." + key + "': " + what);
    }

    CollectorConfigException mistake(String what) {
        return new CollectorConfigException("'" + path + "': " + what);
    }

    private Optional<JsonNode> value(String key) {
        known.add(key);
        return Optional.of(node.path(key)).filter(it -> !it.isMissingNode() && !it.isNull());
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    Optional<String> text(String key) {
        return value(key).map(it -> {
            if (!it.isValueNode() || it.asText().isBlank()) {
                throw mistake(key, "a text is expected");
            }
            return it.asText();
        });
    }

    String required(String key) {
        return text(key).orElseThrow(() -> mistake(key, "is missing"));
    }

    Optional<Path> file(String key) {
        return text(key).map(it -> path(key, it));
    }

    List<Path> files(String key) {
        List<Path> files = new ArrayList<>();
        for (JsonNode item : value(key).orElseThrow(() -> mistake(key, "is missing"))) {
            files.add(path(key, item.asText()));
        }
        if (files.isEmpty()) {
            throw mistake(key, "a list of files is expected");
        }
        return files;
    }

    private Path path(String key, String text) {
        try {
            Path written = Path.of(text);
            Path file = written.isAbsolute() ? written : folder.resolve(written).normalize();
            if (file.getFileName() == null) {
                throw mistake(key, "a file is expected");
            }
            return file;
        } catch (InvalidPathException e) {
            throw mistake(key, "is no path of this system");
        }
    }

    boolean flag(String key) {
        return value(key)
                .map(it -> {
                    if (!it.isBoolean()) {
                        throw mistake(key, "true or false is expected");
                    }
                    return it.booleanValue();
                })
                .orElse(false);
    }

    /** A number from {@code least} to {@code most}. */
    Optional<Double> number(String key, double least, double most) {
        return value(key).map(it -> {
            if (!it.isNumber() || it.doubleValue() < least || it.doubleValue() > most) {
                throw mistake(key, "a number from " + plain(least) + " to " + plain(most) + " is expected");
            }
            return it.doubleValue();
        });
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    /** As {@code 1m30s}; from {@code least} to {@code most}. */
    Optional<Duration> duration(String key, Duration least, Duration most) {
        return text(key).map(it -> {
            Duration duration = Durations.parse(it)
                    .orElseThrow(() -> mistake(key, "a duration such as 30s, 1m30s or 1d is expected"));
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw mistake(key, "must be from " + Durations.text(least) + " to " + Durations.text(most));
            }
            return duration;
        });
    }

    Map<String, String> labels(String key) {
        return ofJson(key, it -> TargetGroups.labels(it, "'" + path + "." + key + "'"));
    }

    /** What somebody reads of the value in JSON; a missing one is a missing node. */
    <T> T ofJson(String key, JsonReader<T> reader) {
        known.add(key);
        try {
            return reader.read(node.path(key));
        } catch (IOException e) {
            throw mistake(key, e.getMessage());
        }
    }

    /** Reads a value. */
    interface JsonReader<T> {
        T read(JsonNode node) throws IOException;
    }

    Optional<Section> section(String key) {
        return value(key).map(it -> new Section(it, path + "." + key, folder));
    }

    /** A list of mappings; empty when it is not there. */
    <T> List<T> list(String key, Function<Section, T> reader) {
        Optional<JsonNode> list = value(key);
        if (list.isEmpty()) {
            return List.of();
        }
        if (!list.get().isArray()) {
            throw mistake(key, "a list is expected: lines that begin with -");
        }
        List<T> read = new ArrayList<>();
        for (JsonNode item : list.get()) {
            Section section = new Section(item, path + "." + key + "[" + read.size() + "]", folder);
            read.add(reader.apply(section));
            section.end();
        }
        return read;
    }

    /** All keys of this mapping. */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** Refuses the first key that nobody asked for. */
    void end() {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new CollectorConfigException("unknown key '" + path + "." + name + "'; known here are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }
}
