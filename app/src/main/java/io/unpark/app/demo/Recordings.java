package io.unpark.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.app.console.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The shipped recordings of the demo's fleet, as their {@code manifest.json} lists them.
 *
 * @param recordedAt when they were made
 */
public record Recordings(Instant recordedAt, List<Scenario> scenarios) {
    private static final int FORMAT = 1;

    public Recordings {
        scenarios = List.copyOf(scenarios);
    }

    /** Runs of all services at once, with the same faults. */
    public record Scenario(String name, List<Recording> traces, List<Recording> races) {
        public Scenario {
            traces = List.copyOf(traces);
            races = List.copyOf(races);
        }
    }

    /** One file of one process; the instance is named after the scenario too, since each was a process of its own. */
    public record Recording(String service, String instance, Path file) {}

    /**
     * Reads the manifest.
     *
     * @throws UserError when it is not there, or not understood
     */
    public static Recordings load(Path folder) {
        Path manifest = folder.resolve("manifest.json");
        if (!Files.exists(manifest)) {
            throw UserError.environment("the demo's recordings are not there: no " + manifest
                    + "; start it with the unpark script of the project's folder");
        }
        try {
            return read(new ObjectMapper().readTree(manifest.toFile()), folder);
        } catch (IOException | DateTimeParseException e) {
            throw UserError.environment(manifest + " cannot be read: " + e.getMessage());
        }
    }

    private static Recordings read(JsonNode manifest, Path folder) throws IOException {
        int format = manifest.path("format").asInt();
        if (format != FORMAT) {
            throw new IOException("its format is " + format + ", expected " + FORMAT);
        }
        List<Scenario> scenarios = new ArrayList<>();
        for (JsonNode scenario : manifest.path("scenarios")) {
            String name = scenario.path("name").asText();
            scenarios.add(new Scenario(
                    name,
                    recordings(scenario.path("traces"), name, folder),
                    recordings(scenario.path("races"), name, folder)));
        }
        return new Recordings(Instant.parse(manifest.path("recorded_at").asText()), scenarios);
    }

    private static List<Recording> recordings(JsonNode entries, String scenario, Path folder) {
        List<Recording> recordings = new ArrayList<>();
        for (JsonNode entry : entries) {
            recordings.add(new Recording(
                    entry.path("service").asText(),
                    entry.path("instance").asText() + "-" + scenario,
                    folder.resolve(entry.path("file").asText())));
        }
        return recordings;
    }

    /** {@link #recordedAt} in nanoseconds since 1970 UTC. */
    public long recordedUnixNs() {
        return Math.addExact(Math.multiplyExact(recordedAt.getEpochSecond(), 1_000_000_000L), recordedAt.getNano());
    }

    /** Bytes of all files, as they lie on disk. */
    public long bytes() {
        return scenarios.stream()
                .flatMap(scenario -> Stream.of(scenario.traces(), scenario.races()))
                .flatMap(List::stream)
                .mapToLong(recording -> recording.file().toFile().length())
                .sum();
    }
}
