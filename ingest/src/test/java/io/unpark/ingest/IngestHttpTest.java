package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.unpark.ingest.Collector.Answer;
import io.unpark.ingest.scrape.BodyTaker;
import io.unpark.ingest.scrape.EndpointKind;
import io.unpark.ingest.scrape.ProfileTaker;
import io.unpark.ingest.scrape.ScrapeTarget;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.testkit.RaceLogText;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceHeader;
import io.unpark.trace.pprof.PprofFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The collector as its clients see it, with a real broker behind it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class IngestHttpTest {
    private static final String TRACE = "/ingest/v1/trace?service=";
    private static final String RACE = "/ingest/v1/race?service=";
    private static final TopicSerdes SERDES = Collector.serdes();

    @TempDir
    static Path dataDir;

    private static Broker broker;
    private static Collector collector;

    @BeforeAll
    static void start() throws IOException {
        broker = new Broker(dataDir);
        collector = new Collector(broker.bootstrap(), IngestLimits.DEFAULT, SERDES, Map.of());
    }

    @AfterAll
    static void stop() {
        collector.close();
        broker.close();
    }

    @ParameterizedTest
    @EnumSource(Compress.class)
    void aTraceIsOnTheTopicWhenThePushIsAnswered(Compress compress) throws Exception {
        // Given
        byte[] trace = SmallTraces.generations(3);
        String service = "orders-" + compress;

        // When
        Answer answer = collector.post(
                TRACE + service + "&instance=o%2F1&version=v2&namespace=shop",
                compress.of(trace),
                "Content-Type",
                "application/x-www-form-urlencoded");

        // Then
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        assertThat(answer.accepted().get("generations").asInt()).isEqualTo(3);
        assertThat(answer.accepted().get("bytes").asInt()).isEqualTo(trace.length - 16);
        assertThat(answer.accepted().get("instance").asText()).isEqualTo("o/1");
        assertThat(answer.accepted().get("go").asText()).isEqualTo("1.26");
        List<TraceChunk> chunks = chunks("shop/" + service + "/o%2F1");
        assertThat(chunks).extracting(TraceChunk::getGeneration).containsExactly(1L, 2L, 3L);
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.getCapture())
                    .isEqualTo(answer.accepted().get("capture").asText());
            assertThat(chunk.getInstance().getVersion()).isEqualTo("v2");
            assertThat(chunk.getCapturedUnixNs()).isEqualTo(Collector.NOW_UNIX_NS);
        });
    }

    @Test
    void theLargestPartsPass() throws Exception {
        // Given: bytes that no compression makes smaller
        byte[] bytes = new byte[9 << 20];
        new Random(1).nextBytes(bytes);
        TraceSource source = TraceSource.ofFile("large", Optional.of("i"), 1);
        ChunkMaker maker = new ChunkMaker(source, new TraceHeader(26));

        // When
        try (ChunkProducer producer =
                new ChunkProducer(Map.of("bootstrap.servers", broker.bootstrap()), TopicLayout.DEFAULT, SERDES)) {
            producer.accept(maker.parts(new RawGeneration(1, ByteBuffer.wrap(bytes)), true, Collector.NOW_UNIX_NS));
        }

        // Then
        List<TraceChunk> parts = chunks("/large/i");
        assertThat(parts).extracting(part -> part.getBytes().remaining()).containsExactly(4 << 20, 4 << 20, 1 << 20);
    }

    @Test
    void theSamePushTwiceHasTheSameIds() throws Exception {
        byte[] trace = SmallTraces.generations(2);

        Answer first = collector.post(TRACE + "twice", trace);
        Answer second = collector.post(TRACE + "twice", Compress.GZIP.of(trace));

        assertThat(second.accepted()).isEqualTo(first.accepted());
        List<TraceChunk> chunks =
                chunks("/twice/" + first.accepted().get("instance").asText());
        assertThat(chunks).hasSize(4);
        assertThat(chunks.subList(2, 4)).isEqualTo(chunks.subList(0, 2));
    }

    @Test
    void generationsBeforeACutAreAcceptedAndTheAnswerSaysSo() throws Exception {
        Answer answer = collector.post(TRACE + "cut&instance=i", SmallTraces.cut(SmallTraces.generations(3), 10));

        assertProblem(answer, 400, "truncated");
        assertThat(answer.accepted().get("generations").asInt()).isEqualTo(2);
        assertThat(answer.body().get("detail").asText()).contains("2 complete generations");
        assertThat(chunks("/cut/i")).hasSize(2);
    }

    @Test
    void generationsBeforeACutInTheCompressedBodyAreAccepted() throws Exception {
        byte[] many = SmallTraces.generations(400);
        byte[] cut = SmallTraces.cut(Compress.GZIP.of(many), 300);

        Answer answer = collector.post(TRACE + "cutgzip&instance=i", cut);

        assertProblem(answer, 400, "truncated");
        int accepted = answer.accepted().get("generations").asInt();
        assertThat(accepted).isBetween(1, 399);
        assertThat(chunks("/cutgzip/i")).hasSize(accepted);
    }

    @Test
    void aFlippedByteInTheFramingCostsWhatFollows() throws Exception {
        byte[] trace = SmallTraces.generations(3);
        byte[] two = SmallTraces.generations(2);

        Answer answer = collector.post(TRACE + "flipped&instance=i", SmallTraces.flipped(trace, two.length));

        assertProblem(answer, 400, "corrupt");
        assertThat(answer.accepted().get("generations").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsNoTraceIsRefusedAndNamed() throws Exception {
        byte[] old = "go 1.21 trace\0\0\0 and more".getBytes(StandardCharsets.US_ASCII);
        assertProblem(collector.post(TRACE + "bad", new byte[0]), 400, "empty");
        assertProblem(post("just a text"), 400, "not_a_trace", "text");
        assertProblem(post("<!DOCTYPE html><html>404</html>"), 400, "not_a_trace", "HTML");
        assertProblem(post("{\"error\": \"no trace here\"}"), 400, "not_a_trace", "JSON");
        assertProblem(collector.post(TRACE + "bad", old), 422, "old_format", "1.21");
        assertProblem(post("PK\u0003\u0004 and so on"), 415, "unsupported_compression", "zip");
        assertProblem(collector.post(TRACE + "bad", Compress.GZIP.of(new byte[64 << 20])), 400, "not_a_trace");
    }

    @Test
    void aBombBehindAGoodHeaderIsRefused() throws Exception {
        byte[] bomb = new byte[80 << 20];
        byte[] start = SmallTraces.generations(1);
        System.arraycopy(start, 0, bomb, 0, start.length);

        Answer answer = collector.post(RACE + "bomb", Compress.ZSTD.of(bomb));

        assertProblem(answer, 413, "too_large", "times as many");
    }

    @Test
    void aTraceOfAnUnknownVersionIsKept() throws Exception {
        byte[] trace = SmallTraces.generations(1);
        System.arraycopy("go 1.99".getBytes(StandardCharsets.US_ASCII), 0, trace, 0, 7);

        Answer answer = collector.post(TRACE + "future&instance=i", Compress.GZIP.of(trace));

        assertProblem(answer, 422, "unknown_version", "1.99");
        assertThat(answer.body().get("detail").asText()).contains("were kept");
        List<ConsumerRecord<byte[], byte[]>> kept = broker.records(Topics.TRACE_CHUNKS_DLQ.name(), "/future/i");
        assertThat(kept).hasSize(1);
        assertThat(kept.get(0).value()).isEqualTo(trace);
        assertThat(new String(
                        kept.get(0)
                                .headers()
                                .lastHeader("__streams.errors.message")
                                .value(),
                        StandardCharsets.UTF_8))
                .contains("1.99");
        assertThat(collector.routes.status().deadLetters()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ingest/v1/trace",
                "/ingest/v1/trace?service=",
                "/ingest/v1/trace?service=a%00b",
                "/ingest/v1/trace?service=%20a",
                "/ingest/v1/race"
            })
    void parametersAreChecked(String path) throws Exception {
        assertProblem(collector.post(path, SmallTraces.generations(1)), 400, "bad_parameter");
    }

    @Test
    void longParametersAndWrongHeadersAreRefused() throws Exception {
        byte[] trace = SmallTraces.generations(1);
        assertProblem(collector.post(TRACE + "a".repeat(201), trace), 400, "bad_parameter", "200");
        assertProblem(collector.post(TRACE + "a", trace, "Unpark-Capture", "a/b"), 400, "bad_parameter");
        assertProblem(collector.post(TRACE + "a", trace, "Unpark-Sequence", "1"), 400, "bad_parameter");
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws Exception {
        IngestLimits limits = limits(1_000, 8, 0);
        try (Collector small = new Collector(broker.bootstrap(), limits, SERDES, Map.of())) {
            Answer answer = small.post(TRACE + "large", SmallTraces.generations(100));

            assertProblem(answer, 413, "too_large", "1000 bytes");
        }
    }

    @Test
    void deadLettersStopAtTheirQuota() throws Exception {
        byte[] trace = SmallTraces.generations(1);
        System.arraycopy("go 1.99".getBytes(StandardCharsets.US_ASCII), 0, trace, 0, 7);
        try (Collector small = new Collector(broker.bootstrap(), limits(1 << 20, 8, trace.length), SERDES, Map.of())) {
            assertThat(small.post(TRACE + "quota", trace).body().get("detail").asText())
                    .contains("were kept");
            assertThat(small.post(TRACE + "quota", trace).body().get("detail").asText())
                    .contains("quota");
            assertThat(small.routes.status().deadLetterBytes()).isEqualTo(trace.length);
        }
    }

    @Test
    void tooManyPushesAreToldToComeBack() throws Exception {
        try (Collector narrow = new Collector(broker.bootstrap(), limits(1 << 20, 1, 0), SERDES, Map.of())) {
            // Given: one push that has not ended
            Socket slow = new Socket("127.0.0.1", narrow.uri("/").getPort());
            OutputStream out = slow.getOutputStream();
            out.write(
                    ascii("POST " + TRACE + "slow HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"));
            byte[] trace = SmallTraces.generations(1);
            out.write(ascii(Integer.toHexString(trace.length) + "\r\n"));
            out.write(trace);
            await().until(() -> narrow.routes.status().runningPushes() == 1);

            // When
            Answer answer = narrow.post(TRACE + "second", trace);

            // Then
            assertProblem(answer, 429, "too_many_pushes");
            assertThat(answer.header("Retry-After")).matches("\\d+");
            out.write(ascii("\r\n0\r\n\r\n"));
            assertThat(new String(slow.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 202");
            slow.close();
            await().untilAsserted(() ->
                    assertThat(narrow.post(TRACE + "third", trace).status()).isEqualTo(202));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void withoutABrokerThePushIsToldToComeBack() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0)) {
            closedPort = socket.getLocalPort();
        }
        Map<String, Object> impatient = Map.of("max.block.ms", 500);
        try (Collector lonely =
                new Collector("127.0.0.1:" + closedPort, IngestLimits.DEFAULT, Collector.serdes(), impatient)) {
            Answer trace = lonely.post(TRACE + "lonely", SmallTraces.generations(2));
            Answer race = lonely.post(RACE + "lonely", RaceLogText.report(7).getBytes(StandardCharsets.UTF_8));

            assertProblem(trace, 503, "broker_away");
            assertThat(trace.header("Retry-After")).matches("\\d+");
            assertThat(trace.accepted().get("generations").asInt()).isZero();
            assertProblem(race, 503, "broker_away");
            assertThat(lonely.routes.status().refused()).containsEntry("broker_away", 2L);
        }
    }

    @Test
    void raceReportsAreOnTheTopicWhenThePushIsAnswered() throws Exception {
        String log = "starting\n" + RaceLogText.report(7) + "2026/11/22 10:00:00 hello\n" + RaceLogText.report(8);

        Answer answer =
                collector.post(RACE + "racy&instance=r1", Compress.GZIP.of(log.getBytes(StandardCharsets.UTF_8)));
        collector.post(RACE + "racy&instance=r1", log.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.accepted().get("reports").asInt()).isEqualTo(2);
        List<RaceReport> reports = broker.records(Topics.RACE_REPORTS.name(), "/racy/r1").stream()
                .map(record ->
                        SERDES.value(Topics.RACE_REPORTS).deserializer().deserialize(record.topic(), record.value()))
                .toList();
        assertThat(reports).hasSize(4);
        assertThat(reports).extracting(RaceReport::getId).doesNotContainNull();
        assertThat(reports.subList(2, 4)).isEqualTo(reports.subList(0, 2));
        assertThat(reports.get(0).getId()).isNotEqualTo(reports.get(1).getId());
    }

    @Test
    void aLogWithoutReportsIsAcceptedAndTheAnswerSaysSo() throws Exception {
        Answer answer = collector.post(RACE + "calm", "all is well\n".getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.accepted().get("reports").asInt()).isZero();
        assertThat(answer.body().get("note").asText()).contains("no report").contains("1 lines");
        assertProblem(collector.post(RACE + "calm", new byte[0]), 400, "empty");
    }

    @ParameterizedTest
    @EnumSource(Compress.class)
    void aProfileIsOnTheTopicWhenThePushIsAnswered(Compress compress) throws Exception {
        String path = "/ingest/v1/profile?service=profiled-" + compress + "&instance=p1&type=heap";

        Answer answer = collector.post(path, compress.of(SmallProfiles.heap(Collector.NOW_UNIX_NS - 5)));

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        assertThat(answer.accepted().get("profile").asText()).isEqualTo("heap");
        assertThat(broker.records(Topics.PROFILE_SNAPSHOTS.name(), "/profiled-" + compress + "/p1"))
                .singleElement()
                .satisfies(record -> {
                    ProfileSnapshot snapshot = SERDES.value(Topics.PROFILE_SNAPSHOTS)
                            .deserializer()
                            .deserialize(record.topic(), record.value());
                    assertThat(snapshot.getTakenUnixNs()).isEqualTo(Collector.NOW_UNIX_NS - 5);
                });
    }

    @Test
    void aScrapedProfileIsOnTheTopic() throws Exception {
        ScrapeTarget target = ScrapeTarget.of(
                "fleet", "http", "10.0.0.7:6060", Map.of("service", "scraped", "version", "v3", "namespace", "shop"));
        BodyTaker heaps = ProfileTaker.all(collector.routes.intake()).get(EndpointKind.HEAP.name());
        byte[] heap = Compress.GZIP.of(SmallProfiles.heap(Collector.NOW_UNIX_NS));

        BodyTaker.Taken taken = heaps.take(target, 1, new ByteArrayInputStream(heap));

        assertThat(taken.items()).isEqualTo(1);
        assertThat(broker.records(Topics.PROFILE_SNAPSHOTS.name(), "shop/scraped/10.0.0.7:6060"))
                .hasSize(1);
        byte[] other = SmallProfiles.of("goroutine", 1);
        assertThatThrownBy(() -> heaps.take(target, 1, new ByteArrayInputStream(other)))
                .isInstanceOf(PprofFormatException.class)
                .hasMessage("this is a profile of goroutine, not of heap");
    }

    @Test
    void whatIsNoProfileIsRefusedWithTheReason() throws Exception {
        String path = "/ingest/v1/profile?service=noprofile";
        byte[] heap = SmallProfiles.heap(1);
        long before = collector.routes.acceptedProfiles();

        assertProblem(collector.post(path, new byte[0]), 400, "empty");
        assertProblem(collector.post(path, "hello".getBytes(StandardCharsets.UTF_8)), 400, "corrupt");
        assertProblem(collector.post(path, SmallProfiles.of("samples", 1)), 400, "not_a_profile");
        assertProblem(collector.post(path + "&type=goroutine", heap), 400, "not_a_profile");
        assertProblem(collector.post(path + "&type=cpu", heap), 400, "bad_parameter");
        assertProblem(collector.post("/ingest/v1/profile", heap), 400, "bad_parameter");
        assertProblem(collector.post(path, SmallTraces.cut(Compress.GZIP.of(heap), 3)), 400, "truncated");
        assertProblem(collector.post(path, Compress.GZIP.of(new byte[40 << 20])), 413, "too_large");
        assertThat(collector.routes.acceptedProfiles()).isEqualTo(before);
    }

    private static Answer post(String body) throws IOException, InterruptedException {
        return collector.post(TRACE + "bad", body.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertProblem(Answer answer, int status, String reason, String... inDetail) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body().get("status").asInt()).isEqualTo(status);
        assertThat(answer.body().get("reason").asText()).isEqualTo(reason);
        for (String part : inDetail) {
            assertThat(answer.body().get("detail").asText()).contains(part);
        }
    }

    private static IngestLimits limits(long maxBodyBytes, int pushes, long quota) {
        IngestLimits all = IngestLimits.DEFAULT;
        Decompression.Limits body = new Decompression.Limits(maxBodyBytes, 1L << 30, 250);
        Duration wait = Duration.ofMillis(200);
        return new IngestLimits(
                body, pushes, 4, wait, all.trace(), all.raceLog(), 100, quota, all.maxDeadLetterBytes());
    }

    private static List<TraceChunk> chunks(String key) {
        return broker.records(Topics.TRACE_CHUNKS.name(), key).stream()
                .map(record ->
                        SERDES.value(Topics.TRACE_CHUNKS).deserializer().deserialize(record.topic(), record.value()))
                .toList();
    }
}
