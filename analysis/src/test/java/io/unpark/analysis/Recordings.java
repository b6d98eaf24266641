package io.unpark.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.analysis.model.Instance;
import io.unpark.testkit.Corpus;
import io.unpark.trace.GenerationSplitter;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The recordings of the demo's three services that come with the project, and what was planted in them. */
public final class Recordings {
    private Recordings() {}

    /**
     * One run of the three services.
     *
     * @param planted faults that were switched on, without those of race reports
     */
    public record Scenario(String name, List<Tape> tapes, List<Planted> planted) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A fault and the places that name it: any of them will do. */
    public record Planted(String fault, String kind, List<Spot> spots) {}

    /** A function of a service, and the lines that it spans. */
    public record Spot(String service, String function, String file, int firstLine, int lastLine) {}

    /** One instance's recording. */
    public record Tape(Instance instance, Path file) {
        /** The trace's generations; what follows a broken end is left out. */
        public Generations generations() {
            try (InputStream in = Corpus.open(file)) {
                return Recordings.generations(in);
            } catch (IOException e) {
                throw new UncheckedIOException(file.toString(), e);
            }
        }

        @Override
        public String toString() {
            return file.getFileName().toString();
        }
    }

    /** Whole generations of one trace. */
    public record Generations(int goMinor, List<RawGeneration> list) {}

    public static Generations generations(InputStream in) throws IOException {
        List<RawGeneration> list = new ArrayList<>();
        int goMinor = 0;
        try {
            GenerationSplitter splitter = GenerationSplitter.open(in);
            goMinor = splitter.header().goMinor();
            for (RawGeneration next = splitter.next(); next != null; next = splitter.next()) {
                list.add(next);
            }
        } catch (TraceFormatException e) {
            System.out.println("a recording ends early: " + e.getMessage());
        }
        return new Generations(goMinor, list);
    }

    /** The project's root: the folder with the demo's recordings, here or above. */
    public static Path projectRoot() {
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            if (Files.exists(dir.resolve("infra/demo/recordings/manifest.json"))) {
                return dir;
            }
        }
        throw new IllegalStateException(
                "no infra/demo/recordings here or above: " + Path.of("").toAbsolutePath());
    }

    /** All scenarios with traces, in the manifest's order. */
    public static List<Scenario> scenarios() {
        Path folder = projectRoot().resolve("infra/demo/recordings");
        List<Scenario> scenarios = new ArrayList<>();
        try {
            JsonNode manifest =
                    new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
            for (JsonNode scenario : manifest.path("scenarios")) {
                if (!scenario.path("traces").isEmpty()) {
                    scenarios.add(scenario(folder, scenario));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return scenarios;
    }

    public static Scenario scenario(String name) {
        return scenarios().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Scenario scenario(Path folder, JsonNode scenario) {
        List<Tape> tapes = new ArrayList<>();
        for (JsonNode trace : scenario.path("traces")) {
            Instance instance = new Instance(
                    "", trace.path("service").asText(), trace.path("instance").asText(), "");
            tapes.add(new Tape(instance, folder.resolve(trace.path("file").asText())));
        }
        List<Planted> planted = new ArrayList<>();
        for (JsonNode fault : scenario.path("planted")) {
            List<Spot> spots = new ArrayList<>();
            fault.path("places").forEach(place -> spots.add(spot(place)));
            planted.add(
                    new Planted(fault.path("fault").asText(), fault.path("kind").asText(), spots));
        }
        return new Scenario(scenario.path("name").asText(), tapes, planted);
    }

    private static Spot spot(JsonNode place) {
        return new Spot(
                place.path("service").asText(),
                place.path("function").asText(),
                place.path("file").asText(),
                place.path("function_first_line").asInt(),
                place.path("function_last_line").asInt());
    }
}
