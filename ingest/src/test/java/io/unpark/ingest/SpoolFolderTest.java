package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.unpark.ingest.spool.SpoolConfig;
import io.unpark.ingest.spool.SpoolFolder;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.testkit.RaceLogText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFolderTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private static Path brokerFolder;

    private static FeedBench bench;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startBroker() throws IOException {
        bench = FeedBench.start(brokerFolder);
    }

    @AfterAll
    static void stopBroker() {
        bench.close();
    }

    private SpoolFolder open(Duration cutAfter, Duration keepDone) throws IOException {
        SpoolConfig config = new SpoolConfig(folder, Duration.ofMillis(300), cutAfter, keepDone, "");
        SpoolFolder spool = new SpoolFolder(config, bench.intake, Clock.systemUTC());
        spool.start();
        return spool;
    }

    private SpoolFolder open() throws IOException {
        return open(Duration.ofMillis(600), Duration.ofDays(1));
    }

    private void awaitTaken(SpoolFolder spool, long count) {
        await().atMost(LIMIT).until(() -> spool.status().taken() == count);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile)
                    .map(it -> folder.relativize(it).toString())
                    .filter(it -> !it.equals(".unpark.lock"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void filesAreTakenByTheirPlaceAndMoved() throws IOException {
        // Given files of a service, of an instance, compressed, and a race log
        Instant written = Instant.parse("2026-11-20T10:00:00Z");
        Path plain = Files.write(folder.resolve("placed.trace"), SmallTraces.generations(2));
        Files.setLastModifiedTime(plain, FileTime.from(written));
        Files.createDirectories(folder.resolve("orders/orders-1"));
        Files.write(folder.resolve("orders/orders-1/a.trace.gz"), Compress.GZIP.of(SmallTraces.generations(3)));
        Files.writeString(folder.resolve("orders/race.log"), RaceLogText.report(7));

        // When
        try (SpoolFolder spool = open()) {
            awaitTaken(spool, 3);
        }

        // Then
        assertThat(files())
                .containsExactly("done/orders/orders-1/a.trace.gz", "done/orders/race.log", "done/placed.trace");
        assertThat(bench.chunks("orders", "orders-1")).hasSize(3);
        assertThat(bench.reports("orders", "orders")).hasSize(1);
        List<TraceChunk> chunks = placed();
        assertThat(chunks).hasSize(2);
        assertThat(chunks)
                .allSatisfy(it -> assertThat(it.getCapturedUnixNs()).isEqualTo(written.toEpochMilli() * 1_000_000));
    }

    private static List<TraceChunk> placed() {
        // The instance's name is the capture's, which the content gives
        return bench.chunks("placed", "capture-" + captureOf(SmallTraces.generations(2)));
    }

    private static String captureOf(byte[] trace) {
        String[] capture = new String[1];
        TraceIntake intake = new TraceIntake(
                TraceSource.ofFile("x", Optional.empty(), 0),
                IngestLimits.DEFAULT.trace(),
                parts -> capture[0] = parts.get(0).getCapture());
        try {
            intake.run(new ByteArrayInputStream(trace));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return capture[0];
    }

    @Test
    void whatCannotBeUsedIsRefusedWithTheReasonBesideIt() throws IOException {
        // Given no trace, and one of a format that is too old
        Files.writeString(folder.resolve("page.trace"), "<html>not a trace at all</html>");
        Files.writeString(folder.resolve("old.trace"), "go 1.19 trace\0\0\0");

        // When
        try (SpoolFolder spool = open()) {
            await().atMost(LIMIT).until(() -> spool.status().refused() == 2);
            assertThat(spool.status().lastRefused()).hasSize(2);
        }

        // Then
        assertThat(files())
                .containsExactly(
                        "refused/old.trace",
                        "refused/old.trace.why.txt",
                        "refused/page.trace",
                        "refused/page.trace.why.txt");
        assertThat(folder.resolve("refused/page.trace.why.txt")).content().startsWith("not_a_trace: ");
        assertThat(folder.resolve("refused/old.trace.why.txt")).content().startsWith("old_format: ");
    }

    @Test
    void aFileThatIsStillWrittenIsLeftAlone() throws Exception {
        // Given a writer that pauses for longer than a file needs to settle, and other names of unfinished files
        byte[] trace = SmallTraces.generations(4);
        Path file = folder.resolve("writing.trace");
        Files.write(folder.resolve("copied.trace.part"), trace);
        Files.write(folder.resolve(".hidden.trace"), trace);
        try (SpoolFolder spool = open(Duration.ofSeconds(20), Duration.ofDays(1));
                OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE)) {
            out.write(trace, 0, trace.length / 2);
            out.flush();
            String instance = "capture-" + captureOf(trace);
            await().atMost(LIMIT).until(() -> !bench.chunks("writing", instance).isEmpty());

            // When it goes on
            assertThat(files()).contains("writing.trace");
            out.write(trace, trace.length / 2, trace.length - trace.length / 2);
            out.flush();
            awaitTaken(spool, 1);

            // Then all is there, the beginning perhaps twice under the same ids, and nothing was refused
            assertThat(bench.chunks("writing", instance).stream()
                            .map(TraceChunk::getGeneration)
                            .distinct())
                    .containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
            assertThat(spool.status().refused()).isZero();
            assertThat(files()).containsExactly(".hidden.trace", "copied.trace.part", "done/writing.trace");
        }
    }

    @Test
    void aCutFileIsRefusedAfterAWhileWithWhatWasTaken() throws IOException {
        Files.write(folder.resolve("cut.trace"), SmallTraces.cut(SmallTraces.generations(3), 5));
        Files.write(folder.resolve("empty.trace"), new byte[0]);

        try (SpoolFolder spool = open()) {
            await().atMost(LIMIT).until(() -> spool.status().refused() == 2);
        }

        assertThat(folder.resolve("refused/cut.trace.why.txt"))
                .content()
                .startsWith("truncated: ")
                .contains("The 2 complete generations before that were taken in");
        assertThat(folder.resolve("refused/empty.trace.why.txt")).content().startsWith("empty: ");
    }

    @Test
    void theSameContentTwiceHasTheSameIds() throws IOException {
        // Given a file that was taken, as by a collector that was killed before it could move it
        byte[] trace = SmallTraces.generations(2);
        Files.createDirectories(folder.resolve("twice/i"));
        Files.write(folder.resolve("twice/i/a.trace"), trace);
        try (SpoolFolder spool = open()) {
            awaitTaken(spool, 1);
        }

        // When it lies there again, under this name and another
        Files.write(folder.resolve("twice/i/a.trace"), trace);
        Files.write(folder.resolve("twice/i/b.trace"), trace);
        try (SpoolFolder spool = open()) {
            awaitTaken(spool, 2);
        }

        // Then no chunk is new, and no file was lost
        assertThat(bench.chunks("twice", "i").stream()
                        .map(it -> it.getCapture() + "/" + it.getSequence() + "/" + it.getPart())
                        .distinct())
                .hasSize(2);
        assertThat(files()).containsExactly("done/twice/i/a.trace", "done/twice/i/a.trace.2", "done/twice/i/b.trace");
    }

    @Test
    void doneFilesGoWhenTheyAreNotKept() throws IOException {
        Files.write(folder.resolve("gone.trace"), SmallTraces.generations(1));

        try (SpoolFolder spool = open(Duration.ofSeconds(1), Duration.ZERO)) {
            awaitTaken(spool, 1);
        }

        assertThat(files()).isEmpty();
    }

    @Test
    void aLinkIsNobodysToTake() throws IOException {
        // Given a link to a file outside, and a file after it
        Path secret = Files.writeString(Files.createTempFile("unpark", ".trace"), "secret");
        Files.createSymbolicLink(folder.resolve("link.trace"), secret);
        Files.write(folder.resolve("real.trace"), SmallTraces.generations(1));

        try (SpoolFolder spool = open()) {
            awaitTaken(spool, 1);
            assertThat(spool.status().refused()).isZero();
        } finally {
            Files.delete(secret);
        }
    }

    @Test
    void oneProcessAtATimeHasTheFolder() throws IOException {
        try (SpoolFolder spool = open()) {
            assertThat(spool.status().trouble()).isEmpty();
            assertThatThrownBy(this::open).hasMessageContaining("another collector");
        }
    }
}
