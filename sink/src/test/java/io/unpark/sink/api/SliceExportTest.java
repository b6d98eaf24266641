package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.sink.DemoRecordings;
import io.unpark.sink.consume.TestStatus;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.SliceJob;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.TraceSlice;
import io.unpark.sink.store.jdbc.JdbcStorage;
import io.unpark.testkit.GoTool;
import io.unpark.testkit.TraceEventFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slices over real HTTP into the tools that they are made for; the slice is a recording of the demo. */
class SliceExportTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private JdbcStorage storage;
    private Javalin server;

    @BeforeEach
    void start() throws Exception {
        storage = new JdbcStorage(StorageConfig.inMemory("slices"));
        storage.start();
        storage.anomalyStore().write(batch("a1"));
        storage.anomalyStore().write(batch("broken"));
        SinkRoutes routes = new SinkRoutes(
                storage,
                TestStatus.afterTwoRecords(CLOCK),
                () -> new StateRule(CLOCK.millis(), 600_000),
                List::of,
                Map::of,
                CLOCK);
        server = Javalin.create(routes::register).start("127.0.0.1", 0);
        for (SliceJob job : storage.slices().pending(2)) {
            byte[] bytes = job.anomalyId().equals("a1") ? DemoRecordings.inventory("mutex") : new byte[] {1};
            storage.slices().ready(job, new TraceSlice("c", 1, 2, bytes));
        }
    }

    @AfterEach
    void stop() {
        server.stop();
        storage.close();
    }

    @Test
    void goToolTraceOpensTheTrace() throws Exception {
        GoTool go = go();
        Path file = download("trace", "a.trace");

        GoTool.Result result = go.run(folder, LIMIT, "tool", "trace", "-d=parsed", file.toString());

        assertThat(result.exit()).as(result.stderr()).isZero();
        assertThat(result.stdout()).contains("GoID=");
    }

    @Test
    void goToolPprofOpensTheProfile() throws Exception {
        GoTool go = go();
        Path file = download("pprof", "a.pb.gz");

        GoTool.Result result = go.run(folder, LIMIT, "tool", "pprof", "-top", "-cum", file.toString());

        // The handler that waits for the lock is among the places where time was lost
        assertThat(result.exit()).as(result.stderr()).isZero();
        assertThat(result.stdout()).contains("Type: delay", "main.(*server).reserveSlowly", "sync.(*Mutex).Lock");
        GoTool.Result tags = go.run(folder, LIMIT, "tool", "pprof", "-tags", file.toString());
        assertThat(tags.stdout()).contains("reason:", "route:", "sync");
    }

    @Test
    void aProfileWithoutSamplesOpensToo() throws Exception {
        GoTool go = go();
        Path file = download("pprof?measure=cpu", "cpu.pb.gz");

        GoTool.Result result = go.run(folder, LIMIT, "tool", "pprof", "-raw", file.toString());

        assertThat(result.exit()).as(result.stderr()).isZero();
        assertThat(result.stdout()).contains("cpu/nanoseconds");
    }

    @Test
    void perfettoJsonHasTheRequestsAndTheGenerations() throws Exception {
        String text = Files.readString(download("perfetto", "a.json"));
        assertThat(TraceEventFormat.problems(text)).isEmpty();
        JsonNode document = new ObjectMapper().readTree(text);

        Set<String> names = new HashSet<>();
        document.path("traceEvents").forEach(event -> {
            names.add(event.path("ph").asText() + " " + event.path("name").asText());
            assertThat(event.path("pid").isIntegralNumber()).isTrue();
        });
        assertThat(names).contains("M process_name", "C goroutines", "X POST /reservations/{sku}");
    }

    @Test
    void tellsTheSizesBeforeOneDownloads() throws Exception {
        JsonNode offer = new ObjectMapper().readTree(get("a1", "downloads").body());

        for (String form : List.of("trace", "perfetto", "pprof")) {
            assertThat(offer.path(form).path("bytes").asInt())
                    .as(form)
                    .isEqualTo(get("a1", form).body().length);
        }
        JsonNode broken = new ObjectMapper().readTree(get("broken", "downloads").body());
        assertThat(broken.at("/trace/bytes").asInt()).isEqualTo(1);
        assertThat(broken.path("why").asText()).contains("cannot be read");
        assertThat(broken.has("pprof")).isFalse();
    }

    @Test
    void aFlameGraphIsMadeOfTheSlice() throws Exception {
        HttpResponse<byte[]> answer = get("a1", "flame?route=*");

        JsonNode body = new ObjectMapper().readTree(answer.body());
        assertThat(body.path("source").asText()).isEqualTo("slice");
        assertThat(body.path("total_ns").asLong()).isPositive();
        assertThat(body.toString()).contains("main.(*server).reserveSlowly", "sync.(*Mutex).Lock");
    }

    @Test
    void aSliceThatCannotBeReadSaysSo() throws Exception {
        HttpResponse<byte[]> answer = get("broken", "pprof");

        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(new String(answer.body())).contains("cannot be read");
        assertThat(get("nobody", "perfetto").statusCode()).isEqualTo(404);
        assertThat(get("a1", "pprof?measure=heap").statusCode()).isEqualTo(400);
    }

    private static GoTool go() {
        Optional<GoTool> go = GoTool.find();
        assumeTrue(go.isPresent(), GoTool.ABSENT);
        return go.get();
    }

    private Path download(String what, String name) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get("a1", what);
        assertThat(answer.statusCode()).as(what).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .hasValueSatisfying(header -> assertThat(header).startsWith("attachment; filename=\"inventory-"));
        return Files.write(folder.resolve(name), answer.body());
    }

    private HttpResponse<byte[]> get(String id, String what) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/api/v1/anomalies/" + id + "/" + what);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
    }

    private static SinkBatch batch(String id) {
        String document = new ObjectMapper()
                .createObjectNode()
                .put("id", id)
                .put("kind", "mutex_contention")
                .put("service", "inventory")
                .put("namespace", "")
                .put("instance", "inventory-1")
                .put("last_seen", "2026-11-23T00:00:00Z")
                .toString();
        AnomalyRow row = new AnomalyRow(
                id,
                "",
                "inventory",
                "mutex_contention",
                "warning",
                "certain",
                1,
                1,
                1,
                CLOCK.millis(),
                "f",
                List.of(new ChunkRef("go-trace-chunks", 0, 1, "c", 1)),
                document);
        return new SinkBatch(List.of(), Map.of(id, Optional.of(row)), List.of(), List.of(), List.of());
    }
}
