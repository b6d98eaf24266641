package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.schemas.record.Frame;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceAccess;
import io.unpark.schemas.record.RaceOrigin;
import io.unpark.schemas.record.RaceReport;
import io.unpark.testkit.Corpus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Real logs of the race detector against their labels, field by field. */
class RaceCorpusTest {
    private static final Instance INSTANCE = new Instance("", "orders", "orders-1", "");

    @TestFactory
    List<DynamicTest> everyRecordedLogGivesWhatItsLabelSays() throws IOException {
        Optional<Path> corpus = Corpus.folder();
        Assumptions.assumeTrue(corpus.isPresent(), RaceCorpusTest::printedReason);
        try (Stream<Path> files = Files.list(corpus.get().resolve("races"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(label -> DynamicTest.dynamicTest(label.getFileName().toString(), () -> compare(label)))
                    .toList();
        }
    }

    private static String printedReason() {
        System.out.println("skipped: " + Corpus.ABSENT);
        return Corpus.ABSENT;
    }

    private static void compare(Path labelFile) throws IOException {
        JsonNode label = new ObjectMapper().readTree(labelFile.toFile());
        List<RaceReport> reports = new ArrayList<>();
        RaceLogSummary summary;
        try (InputStream in =
                Files.newInputStream(labelFile.resolveSibling(label.get("log").asText()))) {
            summary = RaceLogParser.parse(in, INSTANCE, 1, RaceLogLimits.DEFAULT, reports::add);
        }
        List<String> expected = new ArrayList<>();
        label.get("reports").forEach(report -> expected.add(described(report)));
        assertThat(reports.stream().map(RaceCorpusTest::described)).containsExactlyElementsOf(expected);
        assertThat(reports).hasSize(label.get("n_reports").asInt());
        List<Integer> announced = new ArrayList<>();
        label.get("trailer_found").forEach(count -> announced.add(count.asInt()));
        assertThat(summary.announced()).isEqualTo(announced);
    }

    private static String described(JsonNode report) {
        StringBuilder out = new StringBuilder();
        for (JsonNode access : report.get("accesses")) {
            out.append(access.get("op").asText()).append(access.get("atomic").asBoolean() ? " atomic" : "");
            out.append(' ').append(access.get("addr").asText());
            out.append(' ').append(access.get("goroutine").asLong());
            out.append(access.get("main").asBoolean() ? " main" : "");
            out.append(access.get("stack_missing").asBoolean() ? " no stack" : "");
            out.append(" top ").append(described(access, "top"));
            out.append(" depth ").append(access.get("depth").asInt()).append('\n');
        }
        for (JsonNode goroutine : report.get("goroutines")) {
            out.append(goroutine.get("id").asLong())
                    .append(' ')
                    .append(goroutine.get("state").asText());
            out.append(" created at ")
                    .append(described(goroutine, "created_at"))
                    .append('\n');
        }
        return out.toString();
    }

    private static String described(JsonNode parent, String name) {
        JsonNode frame = parent.get(name);
        return frame == null || frame.isNull()
                ? "-"
                : frame.get("func").asText() + " " + frame.get("file").asText() + ":"
                        + frame.get("line").asInt();
    }

    private static String described(RaceReport report) {
        StringBuilder out = new StringBuilder();
        for (RaceAccess access : report.getAccesses()) {
            out.append(access.getOperation()).append(access.getAtomic() ? " atomic" : "");
            out.append(' ').append(access.getAddress());
            out.append(' ').append(access.getGoroutine());
            out.append(access.getMain() ? " main" : "");
            out.append(access.getStack().isEmpty() ? " no stack" : "");
            out.append(" top ").append(top(access.getStack()));
            out.append(" depth ").append(access.getStack().size()).append('\n');
        }
        for (RaceOrigin origin : report.getOrigins()) {
            out.append(origin.getGoroutine()).append(origin.getFinished() ? " finished" : " running");
            out.append(" created at ").append(top(origin.getStack())).append('\n');
        }
        return out.toString();
    }

    private static String top(List<Frame> stack) {
        return stack.isEmpty()
                ? "-"
                : stack.get(0).getFunction() + "() " + stack.get(0).getFile() + ":"
                        + stack.get(0).getLine();
    }
}
