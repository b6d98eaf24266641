package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.Joined;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Recordings.Generations;
import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.json.AnomalyJson;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a program logs: nothing throws, and the state can be written and read. {@code -Dunpark.seed=N} runs one seed. */
class HostileAnnotationsTest {
    private static final int SEEDS = 40;

    /** The runtime cuts longer strings. */
    private static final int MAX_STRING = 1_024;

    private static final String[] CATEGORIES = {
        "unpark.request",
        "unpark.call",
        "unpark.call_end",
        "unpark.cancel",
        "traceparent",
        "trace_id",
        "otel.trace_id",
        "span_id",
        "otel.span_id",
        "datadog.uint64_span_id",
        "deadline_unix_ms",
        "Grpc-Timeout",
        "x-request-timeout",
        ""
    };
    private static final String[] KEYS = {
        "trace",
        "span",
        "parent",
        "route",
        "hdr_deadline_ns",
        "ctx_deadline_ns",
        "peer",
        "detached",
        "error",
        "cause",
        "="
    };
    private static final String[] VALUES = {
        "0", "1", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615",
        "1700000000000000050", "1700000000000", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "GET+/a", "%",
                "%zz",
        "%00", "%F0%9F%98%80", "", "=", "\u0000", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "----"
    };
    private static final String[] CLOCKS = {
        "",
        "",
        "",
        "sec=0 nsec=0",
        "sec=9223372036 nsec=0",
        "sec=18446744073709551615",
        "mono=18446744073709551615",
        "sec=9223372036854775807 nsec=999999999"
    };
    private static final String HERE = "main.handle@/src/main.go:31<main.main@/src/main.go:5";

    @Test
    void neverThrow() {
        long first = Long.getLong("unpark.seed", System.nanoTime() & 0xffff_ffffL);
        int seeds = Long.getLong("unpark.seed") == null ? SEEDS : 1;
        System.out.println("HostileAnnotationsTest: seeds " + first + " to " + (first + seeds - 1));
        int refused = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            // Given
            Generations tape = program(new Random(seed)).generations();
            InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
            Joined joined = new Joined(AnalysisConfig.DEFAULTS);
            // When
            try {
                for (RawGeneration generation : tape.list()) {
                    feed.take("c1", tape.goMinor(), generation).ifPresent(joined::output);
                    assertThat(feed.detectorErrors()).as("seed %d", seed).isEmpty();
                    feed.restart();
                }
                joined.anomalies()
                        .forEach(
                                anomaly -> assertThat(AnomalyJson.line(anomaly)).isNotEmpty());
            } catch (TraceFormatException e) {
                refused++; // a clock that the decoder refuses
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        // Then
        assertThat(refused).isLessThanOrEqualTo(seeds / 2);
    }

    private static OneCpu program(Random random) {
        OneCpu cpu = new OneCpu(CLOCKS[random.nextInt(CLOCKS.length)]).at(1);
        for (long id = 2; id < 6; id++) {
            cpu.create(id, "main.handle@/src/main.go:28", HERE);
        }
        cpu.block("select", "main.main@/src/main.go:6");
        long ms = 1;
        for (int generation = 0; generation < 3; generation++) {
            for (long id = 2; id < 6; id++) {
                if (generation > 0) {
                    cpu.wake(id, "");
                }
                ms += random.nextInt(400);
                cpu.at(ms).run(id);
                annotate(cpu, id, random);
                cpu.at(ms += random.nextInt(300)).block("chan receive", "main.handle@/src/main.go:40");
            }
            cpu.generation();
        }
        return cpu;
    }

    private static void annotate(OneCpu cpu, long goroutine, Random random) {
        if (random.nextInt(4) > 0) {
            cpu.task(goroutine, random.nextBoolean() ? "unpark.request" : quoted(text(random)));
        }
        for (int i = random.nextInt(8); i > 0; i--) {
            String category = random.nextInt(10) == 0 ? text(random) : CATEGORIES[random.nextInt(CATEGORIES.length)];
            cpu.log(random.nextInt(7), quoted(category), quoted(message(random)), HERE);
        }
        if (random.nextInt(3) == 0) {
            cpu.taskEnd(random.nextInt(7));
        }
    }

    private static String message(Random random) {
        StringBuilder message = new StringBuilder();
        for (int i = random.nextInt(7); i >= 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> message.append(text(random));
                case 1 -> message.append(VALUES[random.nextInt(VALUES.length)]);
                case 2 -> message.append("x".repeat(random.nextInt(MAX_STRING)));
                default ->
                    message.append(KEYS[random.nextInt(KEYS.length)])
                            .append('=')
                            .append(VALUES[random.nextInt(VALUES.length)])
                            .append(' ');
            }
        }
        return message.substring(0, Math.min(message.length(), MAX_STRING));
    }

    /** Any chars, of which the bytes below are any as well. */
    private static String text(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            quoted.append(String.format("\\x%02x", b));
        }
        return quoted.toString();
    }
}
