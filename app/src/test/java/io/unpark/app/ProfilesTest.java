package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.allinone.AllInOne;
import io.unpark.app.allinone.PortChoice;
import io.unpark.app.process.DataFolder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Profiles, and in one case a trace, of a real program (analysis/…/profile/profiled.go) and of its healthy twin: by {@code analyze}, and pushed
 * in another order through the collector, a broker, the topologies and the database.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProfilesTest {
    private static final Path RECORDED =
            ProjectRoot.folder().resolve("analysis/src/test/resources/io/unpark/analysis/profile");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Map<String, JsonNode> analyzed;
    private Map<String, JsonNode> pushed;

    /** A file and the service that it is of. */
    private record Pushed(String service, Path file) {}

    @BeforeAll
    void run(@TempDir Path folder) throws Exception {
        List<Pushed> all = new ArrayList<>();
        for (String program : List.of("short", "leaky", "healthy")) {
            try (Stream<Path> files = Files.list(RECORDED.resolve(program))) {
                files.sorted().forEach(file -> all.add(new Pushed(program, file)));
            }
        }
        analyzed = analyze(folder.resolve("files"), all);
        Collections.shuffle(all, new Random(3));
        pushed = push(folder.resolve("data"), all);
    }

    /** Under names that tell services and processes: files of one process make one instance. */
    private static Map<String, JsonNode> analyze(Path folder, List<Pushed> all) throws Exception {
        Files.createDirectories(folder);
        for (Pushed one : all) {
            String name = one.file().getFileName().toString().replace("orders.", one.service() + ".");
            Files.copy(one.file(), folder.resolve(name));
        }
        Cli run = Cli.run("analyze", "--all", "--format", "jsonl", folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return Documents.byId(run.outLines());
    }

    private static Map<String, JsonNode> push(Path folder, List<Pushed> all) throws Exception {
        try (AllInOne unpark = AllInOne.start(
                DataFolder.kept(folder), PortChoice.web(0), AnalysisConfig.DEFAULTS, Clock.systemUTC(), stage -> {})) {
            HttpClient client = HttpClient.newHttpClient();
            for (Pushed one : all) {
                boolean isTrace = one.file().getFileName().toString().contains(".trace");
                URI uri = URI.create(unpark.url() + "/ingest/v1/" + (isTrace ? "trace" : "profile") + "?service="
                        + one.service() + "&instance=" + one.service());
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(uri)
                                .POST(HttpRequest.BodyPublishers.ofFile(one.file()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            }
            assertThat(unpark.awaitProcessed(LIMIT))
                    .as("processed within %s", LIMIT)
                    .isTrue();
            assertThat(unpark.streamsStatus().deadLetters()).isZero();
            return Documents.byId(unpark.anomalies(true));
        }
    }

    @Test
    void analyzeAndThePipelineGiveTheSame() {
        assertThat(Documents.comparable(pushed)).isEqualTo(Documents.comparable(analyzed));
    }

    @Test
    void whatTheTraceAndTheProfileSeeIsOneAnomalyAndCertain() {
        JsonNode audit = only("short", "main.awaitDone");
        assertThat(audit.path("confidence").asText()).isEqualTo("certain");
        assertThat(audit.path("creation_site").asText()).isEqualTo("main.(*server).audit");
        assertThat(audit.path("evidence").path("rule").asText())
                .as("of the trace")
                .isEqualTo("growth");
        assertThat(audit.path("evidence").path("profile").asText()).isEqualTo("goroutineleak");
        assertThat(audit.path("count").asLong())
                .isEqualTo(audit.path("evidence").path("profile_count").asLong());

        assertThat(only("short", "main.(*server).watch.func1")
                        .path("creation_site")
                        .asText())
                .isEqualTo("main.(*server).watch");
        assertThat(only("short", "main.(*server).quote.func1").path("evidence").has("profile"))
                .as("the collector cannot prove it of senders")
                .isFalse();
    }

    @Test
    void withoutATraceTheProfilesNameTheLines() {
        JsonNode kept = only("leaky", "main.(*cache).put");
        assertThat(kept.path("kind").asText()).isEqualTo("heap_growth");
        assertThat(kept.path("line").asInt()).isEqualTo(25);
        assertThat(only("leaky", "main.awaitDone").path("count").asLong()).isEqualTo(200);
        assertThat(analyzed.values())
                .filteredOn(it -> it.path("service").asText().equals("leaky"))
                .hasSize(3);
    }

    @Test
    void theHealthyTwinIsSilent() {
        assertThat(analyzed.values())
                .filteredOn(it -> it.path("service").asText().equals("healthy"))
                .isEmpty();
    }

    private JsonNode only(String service, String site) {
        return analyzed.values().stream()
                .filter(it -> it.path("service").asText().equals(service)
                        && it.path("site").asText().equals(site))
                .reduce((a, b) -> {
                    throw new AssertionError("two of " + site);
                })
                .orElseThrow(() -> new AssertionError(
                        "nothing at " + site + " of " + service + " among " + Documents.places(analyzed)));
    }
}
