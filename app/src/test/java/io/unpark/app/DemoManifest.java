package io.unpark.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.json.AnomalyJson;
import io.unpark.analysis.model.Instance;
import io.unpark.app.analyze.FileMeter;
import io.unpark.app.analyze.InProcess;
import io.unpark.app.analyze.Input;
import io.unpark.app.analyze.Input.Type;
import io.unpark.app.console.Progress;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Recordings.Recording;
import io.unpark.app.demo.Recordings.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the demo's recordings are known to show. */
final class DemoManifest {
    /** Kinds that name a function as a whole: the handler, or wherever in it the allocations are paid for. */
    private static final Set<String> OF_A_FUNCTION = Set.of("noheader", "alloc");

    private final List<Planted> planted;

    private DemoManifest(List<Planted> planted) {
        this.planted = planted;
    }

    /** One fault that was switched on in one scenario, and the line that a finding must name. */
    record Planted(
            String scenario,
            String fault,
            String kind,
            String service,
            String function,
            String file,
            int from,
            int to) {
        boolean isFoundBy(JsonNode anomaly) {
            int line = anomaly.path("line").asInt();
            return anomaly.path("kind").asText().equals(kind)
                    && anomaly.path("service").asText().equals(service)
                    && anomaly.path("site").asText().equals(function)
                    && anomaly.path("file").asText().equals(file)
                    && from <= line
                    && line <= to
                    && Documents.instances(anomaly).stream().anyMatch(name -> name.endsWith("-" + scenario));
        }

        @Override
        public String toString() {
            return scenario + ": " + kind + " for " + fault + " at " + file + ":" + from + (from == to ? "" : "-" + to);
        }
    }

    static Path folder() {
        return ProjectRoot.folder().resolve("infra").resolve("demo").resolve("recordings");
    }

    static DemoManifest load() {
        List<Planted> planted = new ArrayList<>();
        try {
            JsonNode manifest = new ObjectMapper()
                    .readTree(folder().resolve("manifest.json").toFile());
            for (JsonNode scenario : manifest.path("scenarios")) {
                for (JsonNode fault : scenario.path("planted")) {
                    planted.add(planted(scenario.path("name").asText(), fault));
                }
            }
        } catch (IOException e) {
            throw new AssertionError("the demo's manifest cannot be read", e);
        }
        return new DemoManifest(planted);
    }

    private static Planted planted(String scenario, JsonNode fault) {
        String name = fault.path("fault").asText();
        for (JsonNode place : fault.path("places")) {
            if (place.path("role").asText().equals("site")) {
                boolean wide = OF_A_FUNCTION.contains(name);
                int line = place.path("line").asInt();
                return new Planted(
                        scenario,
                        name,
                        fault.path("kind").asText(),
                        place.path("service").asText(),
                        place.path("function").asText(),
                        place.path("file").asText(),
                        wide ? place.path("function_first_line").asInt() : line,
                        wide ? place.path("function_last_line").asInt() : line);
            }
        }
        throw new AssertionError(scenario + "/" + name + " has no site");
    }

    List<Planted> planted() {
        return planted;
    }

    /** The same recordings by {@code analyze}'s way, without Kafka. */
    static Map<String, JsonNode> analyzed(Recordings recordings) {
        List<Input> inputs = new ArrayList<>();
        for (Scenario scenario : recordings.scenarios()) {
            scenario.traces().forEach(trace -> inputs.add(input(trace, Type.TRACE, recordings)));
            scenario.races().forEach(log -> inputs.add(input(log, Type.RACE_LOG, recordings)));
        }
        Progress quiet = new Progress(new PrintWriter(Writer.nullWriter()), false, 0, System::nanoTime);
        InProcess run = new InProcess(AnalysisConfig.DEFAULTS, new FileMeter(quiet));
        run.take(inputs).forEach(outcome -> {
            if (outcome.isRefused()) {
                throw new AssertionError(outcome.message());
            }
        });
        return Documents.byId(run.anomalies().stream().map(AnomalyJson::line).toList());
    }

    private static Input input(Recording recording, Type type, Recordings recordings) {
        Instance instance = new Instance("", recording.service(), recording.instance(), "");
        return new Input(
                recording.file(),
                type,
                recording.file().getFileName().toString(),
                instance,
                recordings.recordedUnixNs());
    }
}
