package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.ingest.races.RaceLogSource;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import io.unpark.testkit.RaceLogText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Race logs that are written while they are followed. */
class FollowedRaceLogsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    private static Path brokerFolder;

    private static FeedBench bench;

    @TempDir
    private Path folder;

    private final String service = "s-" + UUID.randomUUID();
    private Path log;

    @BeforeAll
    static void startBroker() throws IOException {
        bench = FeedBench.start(brokerFolder);
    }

    @AfterAll
    static void stopBroker() {
        bench.close();
    }

    @BeforeEach
    void names() {
        log = folder.resolve("orders.123");
    }

    private io.unpark.ingest.races.RaceLogs follow(Duration quiet) throws IOException {
        RaceLogSource source =
                RaceLogSource.ofLogPath(folder.resolve("orders"), new Instance("", service, service + "-{pid}", ""));
        var logs = new io.unpark.ingest.races.RaceLogs(
                List.of(source),
                folder.resolve("state"),
                bench.intake,
                Clock.systemUTC(),
                Duration.ofMillis(30),
                quiet);
        logs.start();
        return logs;
    }

    private void append(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Goroutine numbers of the reports that came, each as often as it came. */
    private List<Long> came(String pid) {
        return bench.reports(service, service + "-" + pid).stream()
                .map(this::goroutine)
                .toList();
    }

    private Long goroutine(RaceReport report) {
        return report.getOrigins().get(0).getGoroutine();
    }

    private void awaitDistinct(Long... goroutines) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(came("123").stream().distinct()).containsExactlyInAnyOrder(goroutines));
    }

    @Test
    void reportsAreSentAsTheyAreWrittenLineByLine() throws IOException {
        try (var logs = follow(LONG)) {
            // Given a first report, and half of a second one that ends in the middle of a line
            String second = RaceLogText.report(2);
            append(RaceLogText.report(1) + second.substring(0, second.length() / 2));
            awaitDistinct(1L);

            // When the rest comes
            append(second.substring(second.length() / 2));

            // Then it is one report
            awaitDistinct(1L, 2L);
            assertThat(came("123")).hasSize(2);
            assertThat(logs.status().truncations()).isZero();
        }
    }

    @Test
    void aNewProcessHasAFileAndAnInstanceOfItsOwn() throws IOException {
        try (var logs = follow(LONG)) {
            append(RaceLogText.report(1));
            Files.writeString(folder.resolve("orders.456"), RaceLogText.report(5));
            Files.writeString(folder.resolve("orders.txt"), RaceLogText.report(9));
            Files.writeString(folder.resolve("orders-other.7"), RaceLogText.report(9));

            awaitDistinct(1L);
            await().atMost(LIMIT).until(() -> came("456").equals(List.of(5L)));
            assertThat(logs.status().fileCount()).isEqualTo(2);
        }
    }

    @Test
    void theNextProcessGoesOnWhereThisOneStopped() throws Exception {
        // Given a report sent, half of one read, and the follower gone
        String half = RaceLogText.report(2);
        try (var logs = follow(LONG)) {
            append(RaceLogText.report(1) + half.substring(0, 150));
            awaitDistinct(1L);
            long whole = RaceLogText.report(1).length();
            await().atMost(LIMIT).until(() -> logs.status().files().stream().anyMatch(file -> file.offset() >= whole));
        }

        // When the rest and another come while nobody looks
        append(half.substring(150) + RaceLogText.report(3));
        try (var logs = follow(LONG)) {
            // Then none is missing, and what was done is not done again
            awaitDistinct(1L, 2L, 3L);
            assertThat(came("123")).hasSize(3);
            assertThat(logs.status().trouble()).isEmpty();
        }
    }

    @Test
    void aLostStateCostsReadingAgainUnderTheSameIds() throws Exception {
        try (var logs = follow(LONG)) {
            append(RaceLogText.report(1));
            awaitDistinct(1L);
            assertThat(logs.status().trouble()).isEmpty();
        }
        Files.writeString(folder.resolve("state/race-logs.json"), "{broken");

        try (var logs = follow(LONG)) {
            await().atMost(LIMIT).until(() -> came("123").size() == 2);
            assertThat(bench.reports(service, service + "-123").stream()
                            .map(RaceReport::getId)
                            .distinct())
                    .hasSize(1);
            assertThat(logs.status().trouble()).isEmpty();
        }
    }

    @Test
    void aTruncatedFileIsReadFromItsBeginning() throws IOException {
        try (var logs = follow(LONG)) {
            // Given
            append(RaceLogText.report(1) + RaceLogText.report(2));
            awaitDistinct(1L, 2L);

            // When it is truncated and grows beyond where it was, as copytruncate and a busy process do
            Files.writeString(log, "x\n" + RaceLogText.report(3) + RaceLogText.report(4) + RaceLogText.report(5));

            // Then
            awaitDistinct(1L, 2L, 3L, 4L, 5L);
            assertThat(logs.status().truncations()).isEqualTo(1);
        }
    }

    @Test
    void aRotatedFileIsReadToItsEnd() throws IOException {
        try (var logs = follow(Duration.ofMillis(500))) {
            // Given a file that is followed
            append(RaceLogText.report(1));
            awaitDistinct(1L);

            // When it is renamed out of the pattern, still written, and another takes its name
            Path rotated = Files.move(log, folder.resolve("rotated.log"));
            Files.writeString(rotated, RaceLogText.report(2), StandardOpenOption.APPEND);
            append(RaceLogText.report(3));

            // Then all reports come
            awaitDistinct(1L, 2L, 3L);
            await().atMost(LIMIT).until(() -> logs.status().fileCount() == 1);
        }
    }

    @Test
    void aReportThatWillNotGetItsEndIsSentAfterAWhile() throws IOException {
        // Given a process that died while it printed
        String report = RaceLogText.report(1);
        append(report.substring(0, report.lastIndexOf("=====") - 20));

        try (var logs = follow(Duration.ofMillis(300))) {
            // Then it comes as it is, once
            await().atMost(LIMIT)
                    .until(() -> bench.reports(service, service + "-123").size() == 1);
            await().atMost(LIMIT).until(() -> logs.status().files().get(0).openBytes() == 0);
        }
    }

    @Test
    void linesWithoutEndAreBounded() throws IOException {
        try (var logs = follow(LONG)) {
            append("x".repeat(3 << 20));
            append("\n" + RaceLogText.report(1));

            awaitDistinct(1L);
            assertThat(logs.status().trouble()).isEmpty();
        }
    }
}
