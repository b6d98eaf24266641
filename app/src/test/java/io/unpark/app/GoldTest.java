package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.testkit.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * All that {@code analyze --all} finds in the demo's recordings and in the recorded corpus, a line a finding, as committed: a change
 * of behaviour shows in review. {@code -Dunpark.gold.write=true} writes the files anew.
 */
class GoldTest {
    private static final Path FOLDER = ProjectRoot.folder().resolve("app/src/test/resources/io/unpark/app/gold");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theDemosFindingsAreThoseOfTheGoldFile() throws IOException {
        // Given
        Map<String, List<Path>> scenarios = new TreeMap<>();
        for (Path scenario : list(DemoManifest.folder())) {
            if (Files.isDirectory(scenario)) {
                scenarios.put(scenario.getFileName().toString(), List.of(scenario));
            }
        }
        // When
        List<String> found = findings(scenarios);
        // Then
        assertThat(found).isEqualTo(gold("demo.txt", found));
    }

    @Test
    void theCorpusFindingsAreThoseOfTheGoldFile() throws IOException {
        // Given
        assumeTrue(Corpus.folder().isPresent(), Corpus.ABSENT);
        Path corpus = Corpus.folder().orElseThrow();
        Map<String, List<Path>> inputs = new TreeMap<>();
        for (String part : List.of("traces", "perf", "races")) {
            list(corpus.resolve(part)).stream()
                    .filter(file -> file.toString().matches(".*\\.(trace\\.xz|log)"))
                    .forEach(file -> inputs.put(part + "/" + base(file), List.of(file)));
        }
        for (Path file : list(corpus.resolve("twosvc"))) {
            String name = file.getFileName().toString();
            if (name.endsWith(".a.trace.xz")) {
                String run = name.substring(0, name.length() - ".a.trace.xz".length());
                inputs.put("twosvc/" + run, List.of(file, file.resolveSibling(run + ".b.trace.xz")));
            }
        }
        // When
        List<String> found = findings(inputs);
        // Then
        assertThat(found).isEqualTo(gold("corpus.txt", found));
    }

    private static List<String> findings(Map<String, List<Path>> inputs) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, List<Path>> input : inputs.entrySet()) {
            List<Object> words = new ArrayList<>(List.of("analyze", "--all", "--format", "jsonl"));
            boolean pair = input.getValue().size() == 2;
            for (Path path : input.getValue()) {
                if (pair) {
                    boolean a = path.toString().endsWith(".a.trace.xz");
                    words.addAll(List.of("--service", (a ? "a=" : "b=") + path));
                } else if (path.toString().endsWith(".log")) {
                    words.add("--races");
                }
                words.add(path);
            }
            Cli run = Cli.run(words.toArray());
            assertThat(run.exitCode()).as("%s: %s", input.getKey(), run.err()).isZero();
            List<String> found = new ArrayList<>();
            for (String document : run.outLines()) {
                found.add(input.getKey() + "  " + line(JSON.readTree(document)));
            }
            found.sort(null);
            lines.addAll(found.isEmpty() ? List.of(input.getKey() + "  nothing") : found);
        }
        return lines;
    }

    private static String line(JsonNode anomaly) {
        String file = anomaly.path("file").asText();
        String place = file.isEmpty()
                ? ""
                : " " + Path.of(file).getFileName() + ":" + anomaly.path("line").asInt();
        String creation = anomaly.path("creation_site").asText();
        String route = anomaly.path("route").asText();
        return anomaly.path("kind").asText() + " " + anomaly.path("service").asText() + " at "
                + anomaly.path("site").asText() + place
                + (creation.isEmpty() ? "" : " created by " + creation)
                + (route.isEmpty() ? "" : " on " + route)
                + ", " + anomaly.path("confidence").asText() + " "
                + anomaly.path("severity").asText() + " x"
                + anomaly.path("count").asLong();
    }

    private static List<String> gold(String name, List<String> found) throws IOException {
        Path file = FOLDER.resolve(name);
        if (Boolean.getBoolean("unpark.gold.write")) {
            Files.write(file, found);
        }
        return Files.readAllLines(file);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static String base(Path file) {
        return file.getFileName().toString().replaceFirst("\\.(trace\\.xz|log)$", "");
    }
}
