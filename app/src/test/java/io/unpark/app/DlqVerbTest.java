package io.unpark.app;

import static io.unpark.app.Broker.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DlqVerbTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final byte[] POISON = "not Avro".getBytes(UTF_8);
    /** Well-formed, with a schema id that the registry does not know. */
    private static final byte[] UNKNOWN_SCHEMA = {0, 0, 0x7f, 0, 1, 2, 3};

    private static final List<Topic<?, ?>> SOURCES = List.of(
            Topics.TRACE_CHUNKS,
            Topics.RACE_REPORTS,
            Topics.PROFILE_SNAPSHOTS,
            Topics.REQUEST_SEGMENTS,
            Topics.FINDINGS);
    /** Each gets two that are refused. */
    private static final int LETTERS = 2 * SOURCES.size();

    @TempDir
    static Path brokerFolder;

    @TempDir
    Path folder;

    private static Broker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = new Broker(brokerFolder);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static Cli dlq(TopicLayout layout, Object... more) {
        List<Object> words = new ArrayList<>(List.of("dlq"));
        words.add(more[0]);
        words.addAll(List.of("--bootstrap", broker.bootstrap(), "--prefix", layout.prefix()));
        words.addAll(Arrays.asList(more).subList(1, more.length));
        return Cli.run(words.toArray());
    }

    /** As the topologies write them. */
    private static void letters(TopicLayout layout, Topic<?, ?> origin, String reason, int count, Header... more) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Header> headers = new ArrayList<>(List.of(
                    header("__streams.errors.topic", layout.name(origin)),
                    header("__streams.errors.partition", "0"),
                    header("__streams.errors.offset", "" + i),
                    header("__streams.errors.message", "it was\nrefused"),
                    header("unpark.reason", reason),
                    header("traceparent", "kept")));
            headers.addAll(List.of(more));
            String dlq = layout.name(Topics.deadLettersOf(origin).orElseThrow());
            records.add(new ProducerRecord<>(
                    dlq, null, null, ("k" + i).getBytes(UTF_8), (reason + i).getBytes(UTF_8), headers));
        }
        broker.send(records);
    }

    private static List<String> values(TopicLayout layout, Topic<?, ?> topic) {
        return broker.read(layout, topic).stream()
                .map(record -> new String(record.value(), UTF_8))
                .sorted()
                .toList();
    }

    @Test
    void poisonOnEverySourceGoesToItsDeadLettersIsShownAndGoesRoundThreeTimesAtTheMost() throws Exception {
        // Given running topologies, and poison on all that they read
        TopicLayout layout = broker.topics("poison-");
        StreamsOptions options = StreamsOptions.of(broker.client(), folder).withLayout(layout);
        try (StreamsApp app = new StreamsApp(options, broker.serdes())) {
            app.start();
            for (Topic<?, ?> source : SOURCES) {
                broker.send(layout.name(source), "/s/i", POISON);
                broker.send(layout.name(source), "/s/i", UNKNOWN_SCHEMA);
            }
            await().atMost(LIMIT).until(() -> app.status().deadLetters() == LETTERS);

            // Then each has its two letters, counted by reason, and the partition goes on
            assertThat(app.refused())
                    .hasSize(LETTERS)
                    .containsEntry(layout.name(Topics.FINDINGS) + ": UNKNOWN_SCHEMA", 1L);
            await().atMost(LIMIT)
                    .until(() -> dlq(layout, "list")
                                    .out()
                                    .lines()
                                    .filter(it -> it.endsWith("UNDECODABLE"))
                                    .count()
                            == SOURCES.size());
            for (Topic<?, ?> source : SOURCES) {
                Cli listed = dlq(layout, "list", "--topic", source.name());
                assertThat(listed.exitCode()).isZero();
                assertThat(listed.outLines().get(0)).startsWith(source.name() + "-dlq: 2 records, ");
                assertThat(listed.outLines()).contains("  1  UNDECODABLE", "  1  UNKNOWN_SCHEMA");
            }

            // When they are redriven, they are refused again, up to a limit
            for (int round = 1; round <= 3; round++) {
                Cli redriven = dlq(layout, "redrive");
                assertThat(redriven.outLines().get(0)).as(redriven.err()).isEqualTo("redrove " + LETTERS + " records");
                long refused = (long) LETTERS * (round + 1);
                await().atMost(LIMIT).until(() -> app.status().deadLetters() == refused);
                await().atMost(LIMIT)
                        .until(() -> SOURCES.stream()
                                        .mapToInt(it -> broker.read(
                                                        layout,
                                                        Topics.deadLettersOf(it).orElseThrow())
                                                .size())
                                        .sum()
                                == refused);
            }
            Cli last = dlq(layout, "redrive");
            assertThat(last.exitCode()).isEqualTo(3);
            assertThat(last.out()).isEqualTo("nothing to redrive" + System.lineSeparator());
            assertThat(last.err()).contains("was redriven 3 times already").hasLineCount(LETTERS);
            assertThat(app.isRunning()).isTrue();
        }
    }

    @Test
    void redriveSendsEachOnceAsItCame() {
        TopicLayout layout = broker.topics("once-");
        letters(layout, Topics.FINDINGS, "REFUSED", 5);

        Cli dry = dlq(layout, "redrive", "--dry-run");
        Cli first = dlq(layout, "redrive");
        Cli second = dlq(layout, "redrive");

        assertThat(dry.outLines().get(0)).isEqualTo("would redrive 5 records");
        assertThat(first.outLines()).containsExactly("redrove 5 records", "  5 to once-go-findings");
        assertThat(second.outLines()).containsExactly("nothing to redrive");
        List<ConsumerRecord<byte[], byte[]>> sent = broker.read(layout, Topics.FINDINGS);
        assertThat(sent).hasSize(5).allSatisfy(record -> {
            assertThat(record.headers().toArray())
                    .extracting(Header::key)
                    .containsExactlyInAnyOrder("traceparent", "unpark.redrives");
            assertThat(new String(record.key(), UTF_8).substring(1))
                    .isEqualTo(new String(record.value(), UTF_8).substring("REFUSED".length()));
        });
    }

    @Test
    void whatIsSelectedGoesAndTheRestGoesLater() {
        TopicLayout layout = broker.topics("some-");
        for (int i = 0; i < 4; i++) {
            letters(layout, Topics.RACE_REPORTS, "A" + i, 2);
            letters(layout, Topics.RACE_REPORTS, "B", 1);
        }

        Cli some = dlq(layout, "redrive", "--reason", "b");
        Cli range = dlq(layout, "redrive", "--topic", "go-race-reports-dlq", "--offset", "0-4");
        assertThat(some.outLines().get(0)).isEqualTo("redrove 4 records");
        assertThat(range.outLines().get(0)).isEqualTo("redrove 4 records");
        Cli rest = dlq(layout, "redrive");
        assertThat(rest.outLines().get(0)).isEqualTo("redrove 4 records");

        assertThat(dlq(layout, "redrive").outLines()).containsExactly("nothing to redrive");
        assertThat(broker.read(layout, Topics.RACE_REPORTS)).hasSize(12);
        assertThat(values(layout, Topics.RACE_REPORTS))
                .filteredOn(it -> it.startsWith("A"))
                .doesNotHaveDuplicates();
    }

    @Test
    void twoAtOnceSendNothingTwice() throws Exception {
        TopicLayout layout = broker.topics("race-");
        letters(layout, Topics.FINDINGS, "REFUSED", 2_500);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Callable<Cli> redrive = () -> dlq(layout, "redrive");
            for (Future<Cli> one : threads.invokeAll(List.of(redrive, redrive, redrive))) {
                Cli ended = one.get();
                assertThat(ended.exitCode() == 0 || ended.err().contains("took over"))
                        .as(ended.err())
                        .isTrue();
            }
        } finally {
            threads.shutdownNow();
        }

        dlq(layout, "redrive");

        assertThat(values(layout, Topics.FINDINGS)).hasSize(2_500).doesNotHaveDuplicates();
    }

    @Test
    void lettersOfSomebodyElseStay() {
        TopicLayout layout = broker.topics("strange-");
        String dlq = layout.name(Topics.FINDINGS_DLQ);
        broker.send(dlq, "k", POISON);
        broker.send(dlq, "k", POISON, header("__streams.errors.topic", layout.name(Topics.ANOMALIES)));
        broker.send(dlq, "k", POISON, header("unpark.content", "trace"), header("unpark.parts", "many"));
        broker.send(
                dlq,
                "k",
                POISON,
                header("__streams.errors.topic", layout.name(Topics.FINDINGS)),
                header("unpark.redrives", "some"));

        Cli redriven = dlq(layout, "redrive", "--registry", broker.registry());

        assertThat(redriven.exitCode()).isEqualTo(3);
        assertThat(redriven.errLines()).hasSize(4);
        assertThat(broker.read(layout, Topics.FINDINGS)).isEmpty();
    }

    @Test
    void aTraceThatTheCollectorKeptTravelsOnOnceItsVersionIsKnown() throws Exception {
        // Given a trace in two parts, between letters of others, and one of a version that is still unknown
        TopicLayout layout = broker.topics("kept-");
        byte[] trace = SmallTrace.healthy();
        byte[] future = trace.clone();
        System.arraycopy("go 1.99".getBytes(UTF_8), 0, future, 0, 7);
        keep(layout, Arrays.copyOf(trace, 100), "one", 0, 2);
        keep(layout, future, "future", 0, 1);
        keep(layout, Arrays.copyOfRange(trace, 100, trace.length), "one", 1, 2);
        keep(layout, trace, "half", 0, 2);

        // When
        Cli without = dlq(layout, "redrive");
        Cli with = dlq(layout, "redrive", "--registry", broker.registry());
        Cli again = dlq(layout, "redrive", "--registry", broker.registry());

        // Then
        assertThat(without.err()).contains("give --registry");
        assertThat(with.outLines()).containsExactly("redrove 2 records", "  2 to kept-go-trace-chunks");
        assertThat(with.err())
                .contains("is still refused")
                .contains("misses other parts")
                .hasLineCount(2);
        assertThat(again.outLines()).containsExactly("nothing to redrive");
        List<TraceChunk> chunks = broker.read(layout, Topics.TRACE_CHUNKS).stream()
                .map(it -> broker.serdes()
                        .value(Topics.TRACE_CHUNKS)
                        .deserializer()
                        .deserialize(it.topic(), it.value()))
                .toList();
        assertThat(chunks).extracting(TraceChunk::getGeneration).containsExactly(1L, 2L);
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.getInstance().getService()).isEqualTo("orders");
            assertThat(chunk.getInstance().getName()).isEqualTo("orders-1");
            assertThat(chunk.getInstance().getVersion()).isEqualTo("v7");
        });
    }

    private static void keep(TopicLayout layout, byte[] part, String id, int number, int count) {
        broker.send(
                layout.name(Topics.TRACE_CHUNKS_DLQ),
                "/orders/orders-1",
                part,
                header("__streams.errors.topic", layout.name(Topics.TRACE_CHUNKS)),
                header("__streams.errors.partition", "-1"),
                header("unpark.reason", "UNKNOWN_VERSION"),
                header("unpark.content", "trace"),
                header("unpark.id", id),
                header("unpark.capture", ""),
                header("unpark.version", "v7"),
                header("unpark.part", "" + number),
                header("unpark.parts", "" + count));
    }

    @Test
    void showTellsAllAboutALetterAndWritesItsBytes() throws Exception {
        TopicLayout layout = broker.topics("show-");
        letters(layout, Topics.TRACE_CHUNKS, "CORRUPT", 3);
        keep(layout, SmallTrace.healthy(), "x", 0, 1);
        Path out = folder.resolve("refused.trace");

        Cli one = dlq(layout, "show", "--topic", "go-trace-chunks", "--offset", "1");
        Cli limited = dlq(layout, "show", "--topic", "go-trace-chunks-dlq", "--reason", "corrupt", "--limit", "2");
        Cli written = dlq(layout, "show", "--topic", "show-go-trace-chunks-dlq", "--offset", "3", "--out", out);
        Cli twice = dlq(layout, "show", "--topic", "go-trace-chunks", "--offset", "3", "--out", out);
        Cli none = dlq(layout, "show", "--topic", "go-trace-chunks", "--offset", "99");

        assertThat(one.outLines().get(0)).startsWith("show-go-trace-chunks-dlq-0@1  20");
        assertThat(one.outLines())
                .contains("  reason  CORRUPT: it was refused", "  from  show-go-trace-chunks-0@1", "  key  k1");
        assertThat(limited.out()).contains("... and 1 more");
        assertThat(written.exitCode()).as(written.err()).isZero();
        assertThat(Files.readAllBytes(out)).isEqualTo(SmallTrace.healthy());
        assertThat(Cli.run("events", "--format", "count", out).exitCode()).isZero();
        assertThat(twice.exitCode()).isEqualTo(2);
        assertThat(twice.err()).contains("is there already");
        assertThat(none.exitCode()).isEqualTo(1);
    }

    @Test
    void aRefusedGenerationIsWrittenAsATraceWithTheRegistrysHelp() throws Exception {
        TopicLayout layout = broker.topics("generation-");
        keep(layout, SmallTrace.healthy(), "x", 0, 1);
        dlq(layout, "redrive", "--registry", broker.registry());
        for (ConsumerRecord<byte[], byte[]> chunk : broker.read(layout, Topics.TRACE_CHUNKS)) {
            broker.send(layout.name(Topics.TRACE_CHUNKS_DLQ), "/orders/orders-1", chunk.value());
        }
        Path out = folder.resolve("generations.trace");

        Cli written = dlq(
                layout,
                "show",
                "--topic",
                "go-trace-chunks",
                "--offset",
                "1-2",
                "--out",
                out,
                "--registry",
                broker.registry());

        assertThat(written.err()).contains("generation 1 as a trace").contains("generation 2 as a trace");
        assertThat(Files.readAllBytes(out)).isEqualTo(SmallTrace.healthy());
    }

    @Test
    void mistakesAreToldInALine() {
        TopicLayout layout = TopicLayout.DEFAULT.withPrefix("none-");

        assertThat(dlq(layout, "list").outLines()).hasSameSizeAs(SOURCES).allMatch(it -> it.endsWith("-dlq: empty"));
        assertThat(Cli.run("dlq").exitCode()).isEqualTo(2);
        assertThat(dlq(layout, "list", "--topic", "go-anomalies").err())
                .contains("--topic takes one of")
                .hasLineCount(1);
        assertThat(dlq(layout, "redrive", "--offset", "5").exitCode()).isEqualTo(2);
        assertThat(dlq(layout, "show", "--topic", "go-findings", "--offset", "5-3")
                        .exitCode())
                .isEqualTo(2);
        assertThat(dlq(layout, "redrive", "--max-redrives", "0").exitCode()).isEqualTo(2);
    }
}
