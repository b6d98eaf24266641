package io.unpark.app;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code docs/metrics.md}, and what {@code /metrics} answers, in the same form. */
final class MetricsPage {
    private static final Pattern ROW = Pattern.compile(
            "\\| `(?<name>\\w+)`(?<sometimes> \\*)? \\| (?<type>\\w+) \\| (?<labels>[^|]*) \\| (?<roles>[^|]*) \\| [^|]+ \\|");
    private static final Pattern SAMPLE = Pattern.compile("(?<name>\\w+)(?:\\{(?<labels>.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    private MetricsPage() {}

    /**
     * A metric.
     *
     * @param sometimes whether it may be missing
     * @param roles that have it; empty when that is not said
     */
    record Metric(String name, String type, Set<String> labels, boolean sometimes, List<String> roles)
            implements Comparable<Metric> {
        boolean isOf(String role) {
            return roles.contains(role) || roles.contains("all");
        }

        Metric comparable() {
            return new Metric(name, type, labels, false, List.of());
        }

        /** Names in expressions. */
        Stream<String> series() {
            return type.equals("summary") ? Stream.of(name + "_count", name + "_sum") : Stream.of(name);
        }

        @Override
        public int compareTo(Metric other) {
            return toString().compareTo(other.toString());
        }
    }

    static Map<String, Metric> documented() throws IOException {
        Map<String, Metric> metrics = new TreeMap<>();
        for (String line : Files.readAllLines(ProjectRoot.folder().resolve("docs/metrics.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                metrics.put(
                        row.group("name"),
                        new Metric(
                                row.group("name"),
                                row.group("type"),
                                new TreeSet<>(words(row.group("labels").replace("`", ""))),
                                row.group("sometimes") != null,
                                words(row.group("roles"))));
            }
        }
        return metrics;
    }

    private static List<String> words(String text) {
        return Stream.of(text.split(","))
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .toList();
    }

    static Map<String, Metric> exported(String text) {
        Map<String, Metric> metrics = new TreeMap<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ");
                metrics.put(words[2], new Metric(words[2], words[3], new TreeSet<>(), false, List.of()));
            } else if (!line.startsWith("#")) {
                Matcher sample = SAMPLE.matcher(line);
                if (!sample.matches()) {
                    throw new AssertionError("no sample: " + line);
                }
                Metric metric = metrics.getOrDefault(
                        sample.group("name"), metrics.get(sample.group("name").replaceFirst("_(count|sum)$", "")));
                if (sample.group("labels") != null) {
                    LABEL.matcher(sample.group("labels"))
                            .results()
                            .forEach(it -> metric.labels().add(it.group(1)));
                }
            }
        }
        // A family that has no samples just now.
        metrics.values()
                .removeIf(it -> text.lines()
                        .noneMatch(line -> line.startsWith(it.name() + "{")
                                || line.startsWith(it.name() + " ")
                                || line.startsWith(it.name() + "_count")));
        return metrics;
    }
}
