package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No bytes break the parser of race logs; the rest of the search is the profile {@code fuzz-races}. */
class RaceLogPromisesTest {
    private static final int EDITS = 500;

    @Test
    void holdForLogsThatWereEdited() throws IOException {
        // Given: every log of the cases, and what edits make of two of them
        List<byte[]> logs = logs();
        Random random = new Random(3);
        int found = 0;
        for (int i = 0; i < EDITS; i++) {
            byte[] log = edited(logs.get(random.nextInt(logs.size())), logs.get(random.nextInt(logs.size())), random);

            // Then
            try {
                found += RaceLogPromises.bounded(log).size();
            } catch (AssertionError e) {
                throw new AssertionError("edit " + i + ": " + new String(log, StandardCharsets.ISO_8859_1), e);
            }
        }
        assertThat(found).isGreaterThan(EDITS / 4);
    }

    @Test
    void holdForLogsThatAreMadeToBeCostly() {
        // Given: a quarter of a megabyte of what is costly to look at
        String title = "WARNING: DATA RACE\n";
        String access = "Write at 0x00c000014090 by goroutine 7:\n  main.main()\n      /src/main.go:1 +0x1\n";
        for (String piece : List.of(
                title,
                "==================\n",
                title + access,
                access,
                "\"",
                "\\",
                "{\"msg\":",
                "\\\\n",
                "[",
                "  main.f()\n",
                "Goroutine 7 (running) created at:\n",
                "a: ",
                "\u001b[0m",
                "\t")) {
            byte[] log = (title + access + piece.repeat((256 << 10) / piece.length())).getBytes(StandardCharsets.UTF_8);

            assertThatCode(() -> RaceLogPromises.bounded(log)).as(piece).doesNotThrowAnyException();
        }
    }

    private static List<byte[]> logs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/races"))) {
            return files.filter(it -> it.toString().endsWith(".log"))
                    .sorted()
                    .map(RaceLogPromisesTest::read)
                    .toList();
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The beginning of one and the end of the other, with some bytes changed, lines left out and lines doubled. */
    private static byte[] edited(byte[] one, byte[] other, Random random) {
        byte[] end = Arrays.copyOfRange(other, random.nextInt(other.length), other.length);
        byte[] joined = Arrays.copyOf(one, random.nextInt(one.length + 1) + end.length);
        System.arraycopy(end, 0, joined, joined.length - end.length, end.length);
        for (int i = random.nextInt(6); i > 0 && joined.length > 0; i--) {
            joined[random.nextInt(joined.length)] = (byte) random.nextInt(256);
        }
        StringBuilder text = new StringBuilder();
        for (String line : new String(joined, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            for (int n = random.nextInt(20) == 0 ? random.nextInt(3) : 1; n > 0; n--) {
                text.append(line).append('\n');
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
