package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.schemas.record.Anomaly;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.store.StorageConfig;
import io.unpark.testkit.ApiDocument;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes as they happen, over real HTTP. */
final class EventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<AutoCloseable> open = new ArrayList<>();
    private SampleServer server;

    @BeforeEach
    void start() {
        server = add(new SampleServer(StorageConfig.inMemory("events")));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable it : open) {
            it.close();
        }
    }

    private <T extends AutoCloseable> T add(T it) {
        open.add(0, it);
        return it;
    }

    @Test
    void aListenerIsToldWhatIsWrittenAndWhatTimeResolves() throws Exception {
        EventReader reader = add(EventReader.open(server, ""));
        reader.await("ready");

        write("a1");
        JsonNode written = reader.await("anomaly").data();
        server.passTime(SampleServer.QUIET_MS + 1);
        JsonNode resolved = reader.await("anomaly").data();

        assertThat(written.path("id").asText()).isEqualTo("a1");
        assertThat(written.path("state").asText()).isEqualTo("OPEN");
        assertThat(written.path("kind").asText()).isEqualTo("goroutine_leak");
        assertThat(written.path("service").asText()).isEqualTo("or\nders");
        assertThat(resolved.path("id").asText()).isEqualTo("a1");
        assertThat(resolved.path("state").asText()).isEqualTo("RESOLVED");
        ApiDocument document =
                new ApiDocument(server.get("/api/v1/openapi.json").body());
        assertThat(document.mistakes("GET /api/v1/events", 200, "text/event-stream", resolved.toString()))
                .isEmpty();
    }

    @Test
    void whoComesBackToAnotherSinkOfTheDatabaseGoesOn() throws Exception {
        write("a1");
        EventReader first = add(EventReader.open(server, "?after=0"));
        first.await("ready");
        long last = first.await("anomaly").id();
        first.close();
        write("a2", "a3");
        write("a2");

        SampleServer other = add(new SampleServer(StorageConfig.inMemory("events")));
        EventReader second = add(EventReader.open(other, "?after=" + last));

        assertThat(second.await("ready").id()).isEqualTo(last);
        assertThat(List.of(
                        second.await("anomaly").name(), second.await("anomaly").name()))
                .containsExactly("a3", "a2");
        write("a4");
        assertThat(second.await("anomaly").name()).isEqualTo("a4");
    }

    @Test
    void tooMuchAtOnceOrANumberOfAnotherDatabaseIsSaidSo() throws Exception {
        String[] many = IntStream.range(0, 1_001).mapToObj(i -> "a" + i).toArray(String[]::new);
        write(many);

        EventReader late = add(EventReader.open(server, "?after=0"));
        EventReader strange = add(EventReader.open(server, "?after=9999999"));

        late.await("ready");
        assertThat(late.await("resync").id()).isEqualTo(1_001);
        strange.await("ready");
        assertThat(strange.await("resync").id()).isEqualTo(1_001);
    }

    @Test
    void listenersAreBoundedAndTheirPlacesBecomeFree() throws Exception {
        List<EventReader> readers = new ArrayList<>();
        for (int i = 0; i < SampleServer.QUICK.listeners(); i++) {
            readers.add(add(EventReader.open(server, "")));
        }

        HttpResponse<String> oneMore = server.get("/api/v1/events");

        assertThat(oneMore.statusCode()).isEqualTo(503);
        assertThat(oneMore.headers().firstValue("Retry-After")).isPresent();
        readers.forEach(EventReader::close);
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .untilAsserted(() -> EventReader.open(server, "").close());
    }

    @Test
    void whoDoesNotReadIsCutOff() throws Exception {
        EventLimits one = new EventLimits(
                Duration.ofMillis(10), Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1), 1, 1_200, 1_000);
        SampleServer small = add(new SampleServer(StorageConfig.inMemory("events"), one));
        Socket silent = add(new Socket());
        silent.setReceiveBufferSize(4_096);
        silent.connect(new InetSocketAddress("127.0.0.1", small.port()));
        silent.getOutputStream()
                .write("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        await().atMost(PATIENCE).until(() -> small.get("/api/v1/events").statusCode() == 503);

        // More than the kernel holds for it
        String[] many = IntStream.range(0, 900).mapToObj(i -> "a" + i).toArray(String[]::new);
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .untilAsserted(() -> {
                    write(many);
                    EventReader.open(small, "").close();
                });
    }

    @Test
    void aConnectionEndsAfterItsTime() throws Exception {
        EventLimits brief = new EventLimits(
                Duration.ofMillis(10), Duration.ofHours(1), Duration.ofHours(1), Duration.ofMillis(50), 1, 10, 10);
        SampleServer small = add(new SampleServer(StorageConfig.inMemory("events"), brief));

        EventReader reader = add(EventReader.open(small, ""));

        reader.await("ready");
        assertThatThrownBy(() -> reader.await("anomaly")).isInstanceOf(IOException.class);
    }

    private void write(String... ids) throws Exception {
        List<Anomaly> anomalies = new ArrayList<>();
        for (String id : ids) {
            anomalies.add(Samples.anomaly(id, "or\nders", "goroutine_leak").build());
        }
        server.write(TestRows.of(anomalies, List.of(), List.of(), List.of(), server.nowMs()));
    }
}
