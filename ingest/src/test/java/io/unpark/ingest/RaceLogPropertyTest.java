package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logs made by chance; each failure names its seed. */
class RaceLogPropertyTest {
    private static final int LOGS = 400;

    @ParameterizedTest
    @EnumSource(LogWrapper.class)
    void noReportIsLostOrMadeUpWhateverStandsAroundItsLines(LogWrapper wrapper) throws IOException {
        for (int seed = 0; seed < LOGS; seed++) {
            Random random = new Random(seed);
            // Without its indentation, a goroutine dump between frames cannot be told from frames.
            RandomRaceLog log = RandomRaceLog.of(random, wrapper != LogWrapper.TRIMMED_JSON);

            List<String> found = parse(wrapped(log.lines(), wrapper, random).getBytes(StandardCharsets.UTF_8));

            assertThat(found).as("seed %d, %s", seed, wrapper).containsExactlyElementsOf(log.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(LogWrapper.class)
    void reportsBeforeACutAreWhole(LogWrapper wrapper) throws IOException {
        for (int seed = 0; seed < LOGS; seed++) {
            Random random = new Random(seed);
            RandomRaceLog log = RandomRaceLog.of(random, false);
            byte[] whole = wrapped(log.lines(), wrapper, random).getBytes(StandardCharsets.UTF_8);
            byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length + 1));

            List<String> found = parse(cut);

            // The cut one, if any, comes last and is shorter.
            int intact = found.isEmpty() || log.reports().contains(found.get(found.size() - 1))
                    ? found.size()
                    : found.size() - 1;
            assertThat(found.subList(0, intact))
                    .as("seed %d, %s", seed, wrapper)
                    .isEqualTo(log.reports().subList(0, intact));
            assertThat(found.size()).isLessThanOrEqualTo(log.reports().size());
        }
    }

    @ParameterizedTest
    @EnumSource(LogWrapper.class)
    void reportsAfterALostBeginningAreWhole(LogWrapper wrapper) throws IOException {
        for (int seed = 0; seed < LOGS; seed++) {
            Random random = new Random(seed);
            RandomRaceLog log = RandomRaceLog.of(random, false);
            byte[] whole = wrapped(log.lines(), wrapper, random).getBytes(StandardCharsets.UTF_8);
            byte[] tail = Arrays.copyOfRange(whole, random.nextInt(whole.length + 1), whole.length);

            List<String> found = parse(tail);

            int first = found.isEmpty() || log.reports().contains(found.get(0)) ? 0 : 1;
            List<String> intact = found.subList(first, found.size());
            int missing = log.reports().size() - intact.size();
            assertThat(intact)
                    .as("seed %d, %s", seed, wrapper)
                    .isEqualTo(log.reports().subList(missing, missing + intact.size()));
        }
    }

    @Test
    void brokenBytesCostNoIntactReport() throws IOException {
        for (int seed = 0; seed < LOGS; seed++) {
            Random random = new Random(seed);
            RandomRaceLog broken = RandomRaceLog.of(random, true);
            RandomRaceLog intact = RandomRaceLog.of(random, true);
            byte[] damaged = String.join("\n", broken.lines()).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 20 && damaged.length > 0; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            String log = new String(damaged, StandardCharsets.ISO_8859_1) + "\n";

            List<String> found = parse((log + String.join("\n", intact.lines())).getBytes(StandardCharsets.ISO_8859_1));

            int missing = found.size() - intact.reports().size();
            assertThat(missing).as("seed %d", seed).isGreaterThanOrEqualTo(0);
            assertThat(found.subList(missing, found.size())).as("seed %d", seed).isEqualTo(intact.reports());
        }
    }

    @Test
    void anyBytesAreRead() throws IOException {
        for (int seed = 0; seed < LOGS; seed++) {
            byte[] bytes = new byte[4096];
            new Random(seed).nextBytes(bytes);

            assertThat(parse(bytes)).as("seed %d", seed).isEmpty();
        }
    }

    private static String wrapped(List<String> lines, LogWrapper wrapper, Random random) {
        return lines.stream().map(line -> wrapper.wrap(line, random)).collect(Collectors.joining("\n"));
    }

    private static List<String> parse(byte[] log) throws IOException {
        List<RaceReport> reports = new ArrayList<>();
        RaceLogParser.parse(
                new ByteArrayInputStream(log),
                new Instance("", "orders", "orders-1", ""),
                1,
                RaceLogLimits.DEFAULT,
                reports::add);
        return reports.stream().map(RaceReport::getText).toList();
    }
}
