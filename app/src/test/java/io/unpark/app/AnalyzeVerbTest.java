package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalyzeVerbTest {
    private static final List<String> CONTRACT = List.of(
            "id",
            "kind",
            "service",
            "instance",
            "input",
            "site",
            "file",
            "line",
            "severity",
            "confidence",
            "count",
            "summary",
            "evidence",
            "cause",
            "advice");
    private static final String RACE = String.join(
            "\n",
            "==================",
            "WARNING: DATA RACE",
            "Write at 0x00c000012345 by goroutine 7:",
            "  main.add()",
            "      /src/shop/main.go:12 +0x44",
            "",
            "Previous read at 0x00c000012345 by goroutine 6:",
            "  main.sum()",
            "      /src/shop/main.go:20 +0x31",
            "",
            "Goroutine 7 (running) created at:",
            "  main.main()",
            "      /src/shop/main.go:30 +0x10",
            "==================",
            "");

    @TempDir
    private Path folder;

    @Test
    void aHealthyTraceGivesNothing() throws IOException {
        Path trace = write("orders.trace", SmallTrace.healthy());

        Cli table = Cli.run("analyze", trace);
        Cli jsonl = Cli.run("analyze", "--format", "jsonl", trace);

        assertThat(table.exitCode()).isZero();
        assertThat(table.out()).isEqualToIgnoringNewLines("Nothing found.");
        assertThat(jsonl.exitCode()).isZero();
        assertThat(jsonl.out()).isEmpty();
        assertThat(jsonl.err()).contains("1 file, 2 generations");
    }

    static Stream<Arguments> badInputs() {
        byte[] good = SmallTrace.healthy();
        byte[] cut = Arrays.copyOf(good, good.length - 40);
        return Stream.of(
                Arguments.of("empty", new byte[0], "empty", 0),
                Arguments.of(
                        "text",
                        "hello, this is a note\n".getBytes(StandardCharsets.UTF_8),
                        "not a Go execution trace",
                        0),
                Arguments.of("go121", "go 1.21 trace\0\0\0rest".getBytes(StandardCharsets.UTF_8), "Go 1.21", 0),
                Arguments.of("future", "go 1.99 trace\0\0\0rest".getBytes(StandardCharsets.UTF_8), "Go 1.99", 0),
                Arguments.of("cut", cut, "ends in", 1),
                Arguments.of("header", Arrays.copyOf(good, 9), "inside its header", 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInputs")
    void aBadInputIsRefusedByNameAndTheOthersAreAnalysed(String name, byte[] bytes, String reason, int used)
            throws IOException {
        Path bad = write(name + ".trace", bytes);
        Path good = write("good.trace", SmallTrace.healthy());

        Cli run = Cli.run("analyze", bad, good);

        assertThat(run.exitCode()).isEqualTo(3);
        String said = used == 0 ? "nothing of it is analysed" : "analysed " + used + " complete generation";
        assertThat(run.errLines())
                .filteredOn(line -> line.startsWith("refused: " + bad))
                .singleElement()
                .satisfies(line -> assertThat(line).contains(reason).contains(said));
        assertThat(run.err()).contains("2 files, " + (2 + used) + " generations");
    }

    @Test
    void aFlippedByteCostsItsGenerationOnly() throws IOException {
        byte[] bytes = SmallTrace.healthy();
        byte[] reason = "chan receive".getBytes(StandardCharsets.UTF_8);
        int lengthOfString = indexOf(bytes, reason) - 1;
        bytes[lengthOfString] ^= 0x40;
        Path bad = write("flipped.trace", bytes);

        Cli run = Cli.run("analyze", bad);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("generation 1").contains("analysed 1 complete generation");
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not in there");
    }

    @Test
    void aRaceIsReportedWithTheContractsFields() throws IOException {
        Path log = write("shop.log", RACE.getBytes(StandardCharsets.UTF_8));

        Cli run = Cli.run("analyze", "--format", "jsonl", "--races", log);

        assertThat(run.exitCode()).isZero();
        JsonNode race = Documents.parse(run.outLines().get(0));
        assertThat(run.outLines()).hasSize(1);
        assertThat(race.fieldNames()).toIterable().containsAll(CONTRACT);
        assertThat(race.path("kind").asText()).isEqualTo("data_race");
        assertThat(race.path("input").asText()).isEqualTo("shop.log");
        assertThat(race.path("service").asText()).isEqualTo("shop");
        assertThat(race.path("evidence").path("sites"))
                .map(JsonNode::asText)
                .containsExactly("/src/shop/main.go:12", "/src/shop/main.go:20");
        assertThat(race.path("advice").fieldNames()).toIterable().containsExactly("fix", "next_tool", "doc");
    }

    @Test
    void theTableShowsPlaceSentenceAndAdvice() throws IOException {
        Path log = write("shop.log", RACE.getBytes(StandardCharsets.UTF_8));

        Cli run = Cli.run("analyze", log);

        assertThat(run.outLines().get(0)).matches("SEVERITY +KIND +SERVICE +LINE +COUNT");
        assertThat(run.outLines().get(1)).matches("critical +data_race +shop +shop/main.go:\\d+ +1");
        assertThat(run.out()).contains("Data race").contains("Fix: ");
        assertThat(run.outLines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    }

    @Test
    void aFolderStandsForWhatIsNamedAsTraceOrLogInIt() throws IOException {
        write("a/orders.trace.gz", gzip(SmallTrace.healthy()));
        write("a/b/inventory.out", SmallTrace.healthy());
        write("a/c/shop.log", RACE.getBytes(StandardCharsets.UTF_8));
        write("a/notes.md", "no trace".getBytes(StandardCharsets.UTF_8));

        Cli run = Cli.run("analyze", "--format", "jsonl", folder.resolve("a"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("3 files, 4 generations");
        assertThat(run.err()).contains("note: 1 file is not named as a trace, a log or a profile, and left out");
        assertThat(run.outLines()).hasSize(1);
    }

    @Test
    void whereNothingCouldBeReadNothingIsSaidToBeFine() throws IOException {
        Path bad = write("bad.trace", "no trace".getBytes(StandardCharsets.UTF_8));

        Cli run = Cli.run("analyze", bad);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aServiceIsNamedByPathOrName() throws IOException {
        Path log = write("x/7.log", RACE.getBytes(StandardCharsets.UTF_8));

        for (String file : List.of("7.log", log.toString())) {
            Cli run = Cli.run("analyze", "--format", "jsonl", "--service", "shop=" + file, log);

            JsonNode race = Documents.parse(run.out());
            assertThat(race.path("service").asText()).isEqualTo("shop");
            assertThat(race.path("instance").asText()).isEqualTo("7");
        }
    }

    @Test
    void aFileThatIsNamedTwiceCountsOnce() throws IOException {
        Path log = write("shop.log", RACE.getBytes(StandardCharsets.UTF_8));

        Cli run = Cli.run("analyze", "--format", "jsonl", "--races", log, log, folder);

        assertThat(Documents.parse(run.out()).path("count").asLong()).isEqualTo(1);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(List.of("analyze")),
                Arguments.of(List.of("analyze", "no-such-file.trace")),
                Arguments.of(List.of("analyze", "--format", "xml", ".")),
                Arguments.of(List.of("analyze", "--no-such-option")),
                Arguments.of(List.of("analyze", "--service", "orders", ".")),
                Arguments.of(List.of("events")),
                Arguments.of(List.of("events", "no-such-file.trace")),
                Arguments.of(List.of("up", "--port", "many")),
                Arguments.of(List.of("topics", "delete", "--bootstrap", "localhost:1")),
                Arguments.of(List.of("no-such-verb")));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsOneLineAndExitCode2(List<String> args) {
        Cli run = Cli.run(args.toArray());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("unpark"));
    }

    @Test
    void aMisspeltWordIsToldWithTheNearest() {
        assertThat(Cli.run("analyse", ".").err()).contains("did you mean analyze");
        assertThat(Cli.run("analyze", "--formt", "jsonl", ".").err()).contains("did you mean --format");
    }

    @Test
    void aServiceForAFileThatIsNotThereIsAMistake() throws IOException {
        Path trace = write("orders.trace", SmallTrace.healthy());

        Cli run = Cli.run("analyze", "--service", "orders=other.trace", trace);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("other.trace");
    }

    @Test
    void aMistakeInTheConfigurationIsToldByItsKey() throws IOException {
        Path trace = write("orders.trace", SmallTrace.healthy());
        Path unknown =
                write("unknown.yaml", "thresholds: {goroutine_leek: {min_wait: 2s}}".getBytes(StandardCharsets.UTF_8));
        Path broken = write("broken.yaml", "thresholds: [".getBytes(StandardCharsets.UTF_8));
        Path good = write("good.yaml", "thresholds: {goroutine_leak: {min_wait: 2s}}".getBytes(StandardCharsets.UTF_8));

        Cli unknownKey = Cli.run("analyze", "--config", unknown, trace);
        Cli brokenFile = Cli.run("analyze", "--config", broken, trace);

        assertThat(unknownKey.exitCode()).isEqualTo(2);
        assertThat(unknownKey.errLines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("goroutine_leak.min_wait"));
        assertThat(brokenFile.exitCode()).isEqualTo(2);
        assertThat(brokenFile.errLines()).hasSize(1);
        assertThat(Cli.run("analyze", "--config", good, trace).exitCode()).isZero();
    }

    @Test
    void withoutArgumentsThereAreExamples() {
        Cli run = Cli.run();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("unpark demo").contains("unpark analyze trace.out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"analyze", "events", "demo", "up", "topics"})
    void everyVerbExplainsItself(String verb) {
        Cli run = Cli.run(verb, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: unpark " + verb);
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void aFolderOfRacesWithoutLogsIsNamed() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("races"));

        Cli run = Cli.run("analyze", "--races", empty);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("no log (.log) in " + empty);
    }
}
