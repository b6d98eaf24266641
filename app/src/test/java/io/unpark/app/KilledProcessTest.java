package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.allinone.AllInOne;
import io.unpark.app.allinone.PortChoice;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Recordings.Recording;
import io.unpark.app.demo.Recordings.Scenario;
import io.unpark.app.process.DataFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is neither lost nor doubled when the process is killed before it has worked it off. */
class KilledProcessTest {
    private static final Pattern ADDRESS = Pattern.compile("Serving at (http://\\S+)/,");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Test
    void aKilledProcessFinishesAfterARestart(@TempDir Path folder) throws Exception {
        // Given traces of three services, pushed to a process that is killed as soon as it has acknowledged them
        Recordings all = Recordings.load(DemoManifest.folder());
        Scenario leak = all.scenarios().stream()
                .filter(scenario -> scenario.name().equals("leak"))
                .findFirst()
                .orElseThrow();
        Recordings pushed = new Recordings(all.recordedAt(), List.of(new Scenario("leak", leak.traces(), List.of())));
        pushAndKill(folder, leak.traces());

        // When it is started again on the same data
        Map<String, JsonNode> found;
        try (AllInOne again = AllInOne.start(
                DataFolder.kept(folder), PortChoice.web(0), AnalysisConfig.DEFAULTS, Clock.systemUTC(), stage -> {})) {
            assertThat(again.awaitProcessed(LIMIT)).isTrue();
            found = Documents.byId(again.anomalies(true));
        }

        // Then it has found what the same files give without any interruption
        assertThat(Documents.comparable(found))
                .isNotEmpty()
                .isEqualTo(Documents.comparable(DemoManifest.analyzed(pushed)));
    }

    private static void pushAndKill(Path folder, List<Recording> traces) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx700m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        "up",
                        "--port",
                        "0",
                        "--data",
                        folder.toString())
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
        try {
            String address = address(process);
            HttpClient client = HttpClient.newHttpClient();
            for (Recording trace : traces) {
                HttpResponse<String> answer = client.send(push(address, trace), BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            }
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String address(Process process) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                return address.group(1);
            }
        }
        throw new AssertionError("it ended without telling its address");
    }

    private static HttpRequest push(String address, Recording trace) throws IOException {
        String query = "?service=" + trace.service() + "&instance=" + trace.instance();
        return HttpRequest.newBuilder(URI.create(address + "/ingest/v1/trace" + query))
                .POST(BodyPublishers.ofFile(trace.file()))
                .timeout(LIMIT)
                .build();
    }

    @Test
    void aDamagedDatabaseIsNamedWithWhatToDo(@TempDir Path data) throws Exception {
        // Given
        Path database = Files.createDirectories(data.resolve("sink")).resolve("unpark.mv.db");
        Files.write(database, "no database at all ".repeat(1_000).getBytes(StandardCharsets.UTF_8));
        // When
        Cli run = Cli.run("up", "--data", data, "--port", "0");
        // Then
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err())
                .contains("cannot open the database", database.toString(), "move")
                .doesNotContain("\tat ");
    }
}
