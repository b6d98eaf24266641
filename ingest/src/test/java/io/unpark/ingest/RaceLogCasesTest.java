package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.record.Frame;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceAccess;
import io.unpark.schemas.record.RaceOrigin;
import io.unpark.schemas.record.RaceReport;
import io.unpark.testkit.RaceLogText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Positives and near misses: a log, and what it must give, one line a report; the first line says what the case proves. */
class RaceLogCasesTest {
    private static final Path FOLDER = Path.of("src/test/resources/races");
    private static final Instance INSTANCE = new Instance("", "orders", "orders-1", "");

    @TestFactory
    List<DynamicTest> everyCaseGivesWhatItMust() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".expected"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)))
                    .toList();
        }
    }

    private static void check(Path expectedFile) throws IOException {
        List<String> expected = Files.readAllLines(expectedFile);
        Path log = expectedFile.resolveSibling(
                expectedFile.getFileName().toString().replace(".expected", ".log"));

        List<RaceReport> reports = parse(Files.readAllBytes(log), INSTANCE, RaceLogLimits.DEFAULT);

        assertThat(reports.stream().map(RaceLogCasesTest::described))
                .as(expected.get(0))
                .containsExactlyElementsOf(expected.subList(1, expected.size()));
    }

    @Test
    void theIdIsOfTheReportAndItsInstanceAndNotOfWhatWroteItDown() throws IOException {
        byte[] plain = RaceLogText.report(7).getBytes(StandardCharsets.UTF_8);
        byte[] prefixed = RaceLogText.report(7)
                .replaceAll("(?m)^", "2026-11-22T10:00:00Z stderr F ")
                .getBytes(StandardCharsets.UTF_8);

        RaceReport one = parse(plain, INSTANCE, RaceLogLimits.DEFAULT).get(0);
        RaceReport same = parse(prefixed, INSTANCE, RaceLogLimits.DEFAULT).get(0);
        RaceReport other = parse(plain, new Instance("", "orders", "orders-2", ""), RaceLogLimits.DEFAULT)
                .get(0);

        assertThat(one.getId()).matches("[0-9a-f]{32}").isEqualTo(same.getId()).isNotEqualTo(other.getId());
        assertThat(one.getText()).isEqualTo(RaceLogText.report(7)).isEqualTo(same.getText());
        assertThat(one.getReportedUnixNs()).isEqualTo(1);
        assertThat(same.getReportedUnixNs()).isEqualTo(1_795_341_600_000_000_000L);
    }

    @Test
    void aLogOfAnotherCharsetIsReadByItsByteOrderMark() throws IOException {
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            byte[] log = ("\ufeff" + RaceLogText.report(7)).getBytes(charset);

            assertThat(parse(log, INSTANCE, RaceLogLimits.DEFAULT))
                    .as(charset.name())
                    .hasSize(1);
        }
    }

    @Test
    void linesReportsAndStacksAreBounded() throws IOException {
        // Given
        String deep = RaceLogText.report(7)
                .replace("  main.main()\n", "  main.f()\n      /f.go:1 +0x1\n".repeat(50) + "  main.main()\n");
        String log = "x".repeat(5_000) + "\n" + deep + "garbage\n".repeat(100) + RaceLogText.report(8);
        RaceLogLimits tight = new RaceLogLimits(1_000, 100_000, 10, 50, 2);

        // When
        List<RaceReport> reports = new ArrayList<>();
        RaceLogSummary summary = RaceLogParser.parse(
                new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)), INSTANCE, 1, tight, reports::add);

        // Then
        assertThat(summary.overlongLines()).isEqualTo(1);
        assertThat(reports).hasSize(2);
        assertThat(reports.get(0).getAccesses().get(0).getStack()).hasSize(10);
    }

    private static List<RaceReport> parse(byte[] log, Instance instance, RaceLogLimits limits) throws IOException {
        List<RaceReport> reports = new ArrayList<>();
        RaceLogParser.parse(new ByteArrayInputStream(log), instance, 1, limits, reports::add);
        return reports;
    }

    private static String described(RaceReport report) {
        List<String> parts = new ArrayList<>();
        for (RaceAccess access : report.getAccesses()) {
            parts.add(access.getOperation() + (access.getAtomic() ? " atomic " : " ") + access.getGoroutine() + " "
                    + top(access.getStack(), true));
        }
        for (RaceOrigin origin : report.getOrigins()) {
            parts.add(origin.getGoroutine()
                    + (origin.getFinished() ? " finished " : " running ")
                    + top(origin.getStack(), false));
        }
        return String.join(" | ", parts);
    }

    private static String top(List<Frame> stack, boolean withFunction) {
        if (stack.isEmpty()) {
            return "-";
        }
        Frame top = stack.get(0);
        return (withFunction ? top.getFunction() + " " : "") + top.getFile() + ":" + top.getLine();
    }
}
