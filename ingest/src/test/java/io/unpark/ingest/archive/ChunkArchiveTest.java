package io.unpark.ingest.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.ingest.RaceLogLimits;
import io.unpark.ingest.RaceLogParser;
import io.unpark.ingest.TraceIntake;
import io.unpark.ingest.TraceParts;
import io.unpark.ingest.TraceSource;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.testkit.Corpus;
import io.unpark.testkit.GoTool;
import io.unpark.trace.TraceHeader;
import io.unpark.trace.TraceLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkArchiveTest {
    private static final Instant START = Instant.parse("2026-11-23T03:59:58Z");
    private static final long PLENTY = 1L << 30;

    private static byte[] trace;

    @TempDir
    private Path folder;

    private final HandClock clock = new HandClock();

    private static final class HandClock extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeAll
    static void read() throws IOException {
        Path orders = Corpus.demoTraces().stream()
                .filter(it -> it.endsWith(Path.of("leak", "orders.trace.xz")))
                .findFirst()
                .orElseThrow();
        trace = Corpus.open(orders).readAllBytes();
    }

    /** The recording as pushed in one piece, a second for each generation. */
    private List<List<TraceChunk>> pushed(String service, String instance) throws IOException {
        TraceSource source = new TraceSource(
                "shop",
                service,
                Optional.of(instance),
                "v7",
                Optional.of("capture-1"),
                OptionalLong.of(40),
                () -> clock.now.toEpochMilli() * 1_000_000,
                -1);
        List<List<TraceChunk>> generations = new ArrayList<>();
        new TraceIntake(source, TraceLimits.defaults(), parts -> {
                    generations.add(parts);
                    clock.now = clock.now.plusSeconds(1);
                })
                .run(new ByteArrayInputStream(trace));
        clock.now = START;
        return generations;
    }

    private ChunkArchive archive(long quotaBytes) throws IOException {
        return new ChunkArchive(folder, ArchiveLimits.ofQuota(quotaBytes), clock);
    }

    private void keep(ChunkArchive archive, List<List<TraceChunk>> generations) {
        for (List<TraceChunk> parts : generations) {
            archive.accepted(parts);
            clock.now = clock.now.plusSeconds(1);
        }
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(it -> it.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private static List<TraceChunk> read(Path file) throws IOException {
        ArchivedFile archived = ArchivedFile.of(file).orElseThrow();
        List<TraceChunk> chunks = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            TraceParts parts = new TraceParts(archived.whole(in), archived.source(), TraceLimits.defaults());
            for (List<TraceChunk> next = parts.next(); next != null; next = parts.next()) {
                chunks.addAll(next);
            }
        }
        return chunks;
    }

    private List<TraceChunk> readAll() throws IOException {
        List<TraceChunk> chunks = new ArrayList<>();
        for (Path file : files(".trace")) {
            chunks.addAll(read(file));
        }
        return chunks;
    }

    @Test
    void theSameRecordsComeOutThatWereAccepted() throws IOException {
        List<List<TraceChunk>> generations = pushed("orders", "orders-1");
        ChunkArchive archive = archive(PLENTY);

        keep(archive, generations);

        List<TraceChunk> expected = generations.stream().flatMap(List::stream).toList();
        assertThat(readAll()).isEqualTo(expected);
        assertThat(archive.status().generations()).isEqualTo(generations.size());
        assertThat(archive.status().bytes()).isEqualTo(bytesOnDisk());
        assertThat(files(".unfinished")).isEmpty();
    }

    private long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (Path file : files("")) {
            bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        return bytes;
    }

    @Test
    void anHourBeginsAnotherFileInItsOwnFolder() throws IOException {
        keep(archive(PLENTY), pushed("orders", "orders-1"));

        assertThat(files(".trace"))
                .extracting(it -> folder.relativize(it.getParent()).toString())
                .containsExactly("shop.orders/2026-11-23T03", "shop.orders/2026-11-23T04");
    }

    @Test
    void goToolTraceOpensEveryFile() throws IOException {
        Optional<GoTool> go = GoTool.find();
        if (go.isEmpty()) {
            System.out.println("skipped: " + GoTool.ABSENT);
        }
        Assumptions.assumeTrue(go.isPresent(), GoTool.ABSENT);
        keep(archive(PLENTY), pushed("orders", "orders-1"));

        for (Path file : files(".trace")) {
            GoTool.Result parsed = go.get().parsedTrace(Files.readAllBytes(file));
            assertThat(parsed.exit()).as(parsed.stderr()).isZero();
            assertThat(parsed.stdout()).contains("GoID=");
        }
    }

    @Test
    void noFileGoesOverAGap() throws IOException {
        List<List<TraceChunk>> generations = new ArrayList<>(pushed("orders", "orders-1"));
        generations.remove(1);

        keep(archive(PLENTY), generations);

        assertThat(files(".trace")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(readAll())
                .isEqualTo(generations.stream().flatMap(List::stream).toList());
    }

    @Test
    void whatComesAgainIsKeptOnceAndWhatComesLateIsKept() throws IOException {
        List<List<TraceChunk>> generations = pushed("orders", "orders-1");
        ChunkArchive archive = archive(PLENTY);
        List<List<TraceChunk>> late = List.of(generations.get(1), generations.get(0), generations.get(0));

        keep(archive, late);

        assertThat(archive.status().repeated()).isEqualTo(1);
        assertThat(readAll())
                .containsExactly(generations.get(1).get(0), generations.get(0).get(0));
    }

    @Test
    void aCrashCostsWhatWasBeingWritten() throws IOException {
        // Given a file whose next generation was written in part, one that had no name yet, and an index without its
        // file
        List<List<TraceChunk>> generations = pushed("orders", "orders-1");
        ChunkArchive archive = archive(PLENTY);
        keep(archive, generations.subList(0, 2));
        Path file = files(".trace").get(0);
        long whole = Files.size(file);
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.APPEND)) {
            ByteBuffer next = generations.get(2).get(0).getBytes();
            out.write(next.duplicate().limit(next.limit() / 2));
        }
        Files.writeString(ArchiveNames.indexOf(file), "{\"end\":99", StandardOpenOption.APPEND);
        Files.write(file.resolveSibling("x.trace.unfinished"), trace);
        Files.writeString(file.resolveSibling("x.index"), "{}\n");
        assertThat(read(file)).as("a reader meanwhile").hasSize(2);

        // When it is opened again, and goes on
        ChunkArchive again = archive(PLENTY);
        keep(again, generations.subList(2, generations.size()));

        // Then
        assertThat(Files.size(file)).isEqualTo(whole);
        assertThat(files("x.trace.unfinished")).isEmpty();
        assertThat(files("x.index")).isEmpty();
        assertThat(readAll())
                .isEqualTo(generations.stream().flatMap(List::stream).toList());
        assertThat(again.status().bytes()).isEqualTo(bytesOnDisk());
    }

    @Test
    void theOldestHoursOfAllServicesGoAtTheQuota() throws IOException {
        // Given two services in the first hour, of which nothing fits beside a third one's
        List<List<TraceChunk>> one = pushed("orders", "orders-1").subList(0, 1);
        List<List<TraceChunk>> two = pushed("stock", "stock-1").subList(0, 1);
        List<List<TraceChunk>> three = pushed("gateway", "gateway-1").subList(0, 1);
        long quota = size(one) * 5 / 2;
        ChunkArchive archive = archive(quota);
        keep(archive, one);
        keep(archive, two);

        // When
        clock.now = START.plus(Duration.ofHours(1));
        keep(archive, three);

        // Then
        assertThat(files(".trace"))
                .extracting(it -> folder.relativize(it).getName(0).toString())
                .containsExactly("shop.gateway");
        assertThat(archive.status().removedHours()).isEqualTo(2);
        assertThat(archive.status().bytes()).isEqualTo(bytesOnDisk()).isLessThan(quota);
    }

    @Test
    void theCurrentHourNeverGoesAndWhatFindsNoRoomIsCounted() throws IOException {
        List<List<TraceChunk>> one = pushed("orders", "orders-1").subList(0, 1);
        ChunkArchive archive = archive(size(one) * 3 / 2);

        keep(archive, one);
        archive.accepted(pushed("stock", "stock-1").get(0));

        assertThat(archive.status().leftOut()).isEqualTo(1);
        assertThat(readAll()).containsExactly(one.get(0).get(0));
    }

    private static long size(List<List<TraceChunk>> generations) {
        return TraceHeader.LENGTH
                + generations.stream()
                        .flatMap(List::stream)
                        .mapToLong(it -> it.getBytes().remaining())
                        .sum();
    }

    @Test
    void whatCannotBeWrittenIsCountedAndTheNextGoesOn() throws IOException {
        // Given a file where the folder of the service should be
        List<List<TraceChunk>> generations = pushed("orders", "orders-1");
        ChunkArchive archive = archive(PLENTY);
        Path inTheWay = Files.createFile(folder.resolve("shop.orders"));

        // When
        archive.accepted(generations.get(0));
        Files.delete(inTheWay);
        archive.accepted(generations.get(1));

        // Then
        assertThat(archive.status().failures()).isEqualTo(1);
        assertThat(readAll()).containsExactly(generations.get(1).get(0));
    }

    @Test
    void anIndexOfManyLinesIsLookedAtFromItsEnds() throws IOException {
        // Given an index that is longer than what is read of its ends, with a last line that is cut
        keep(archive(PLENTY), pushed("orders", "orders-1").subList(0, 1));
        Path index = files(".index").get(0);
        StringBuilder more = new StringBuilder();
        for (long i = 1; i <= 10_000; i++) {
            more.append(new ArchiveIndex.Entry((1L << 40) + i, i).line());
        }
        Files.writeString(index, more + "{\"end\":7", StandardOpenOption.APPEND);

        // When
        ArchiveIndex ends = ArchiveIndex.readEnds(index);
        ArchiveIndex all = ArchiveIndex.read(index);

        // Then
        assertThat(ends.entries())
                .containsExactly(all.entries().get(0), all.entries().get(10_000));
        assertThat(ends.committed()).isEqualTo((1L << 40) + 10_000);
        assertThat(ends.instance()).isEqualTo(all.instance());
        assertThat(ends.head()).isEqualTo(all.head());
    }

    @Test
    void namesOfAnyKindStayWithinTheFolder() throws IOException {
        keep(archive(PLENTY), pushed("../../etc/" + "x".repeat(300), "../\u0000é"));

        assertThat(files(".trace"))
                .hasSize(2)
                .allSatisfy(it -> assertThat(folder.relativize(it.toRealPath()).getNameCount())
                        .isEqualTo(3));
        assertThat(readAll().get(0).getInstance().getService()).startsWith("../../etc/");
    }

    @Test
    void raceReportsComeBackAsTheyWere() throws IOException {
        // Given reports as real logs have them, whole and cut
        Instance instance = new Instance("", "orders", "orders-1", "");
        List<RaceReport> reports = new ArrayList<>();
        long[] unixNs = {1};
        try (Stream<Path> logs = Files.list(Path.of("src/test/resources/races"))) {
            for (Path log :
                    logs.filter(it -> it.toString().endsWith(".log")).sorted().toList()) {
                try (InputStream in = Files.newInputStream(log)) {
                    RaceLogParser.parse(in, instance, unixNs[0]++, RaceLogLimits.DEFAULT, reports::add);
                }
            }
        }
        assertThat(reports).hasSizeGreaterThan(10);
        ChunkArchive archive = archive(PLENTY);

        // When
        archive.acceptedReports(reports.subList(0, 5));
        archive.acceptedReports(reports.subList(5, reports.size()));

        // Then
        Path file = files(".log").get(0);
        List<RaceReport> read = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            ArchivedFile.of(file).orElseThrow().reports(in, RaceLogLimits.DEFAULT, read::add);
        }
        assertThat(files(".log")).hasSize(1);
        assertThat(read).isEqualTo(reports);
        assertThat(archive.status().reports()).isEqualTo(reports.size());
    }
}
