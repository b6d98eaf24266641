package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.export.PerfettoExport;
import io.unpark.analysis.export.PprofExport;
import io.unpark.analysis.export.PprofExport.Measure;
import io.unpark.analysis.export.ReadSlice;
import io.unpark.analysis.model.Instance;
import io.unpark.sink.store.AnomalyQueries;
import io.unpark.sink.store.SliceLookup;
import io.unpark.sink.store.SliceStore;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.TraceSlice;
import io.unpark.trace.TraceFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The slice of a trace behind an anomaly: as it is for {@code go tool trace} ({@code …/trace}), and read again for other viewers
 * ({@code …/perfetto}, {@code …/pprof}).
 */
final class TraceResource {
    private static final int NAME_CHARS_MAX = 60;
    /** A browser opens so many with ease. */
    private static final int SEGMENTS_MAX = 2_000;
    /** Each holds a slice and what was read of it, some hundred MiB at worst. */
    private static final int READERS_MAX = 2;

    private static final String SOON_S = "2";
    private static final List<String> MEASURES = List.of("blocked", "cpu");

    private final AnomalyQueries anomalies;
    private final SliceStore slices;
    private final Supplier<StateRule> rule;
    private final Clock clock;
    private final Semaphore readers = new Semaphore(READERS_MAX);

    TraceResource(AnomalyQueries anomalies, SliceStore slices, Supplier<StateRule> rule, Clock clock) {
        this.anomalies = anomalies;
        this.slices = slices;
        this.rule = rule;
        this.clock = clock;
    }

    void trace(Context context) {
        ObjectNode anomaly = anomaly(context);
        TraceSlice slice = slice(context, anomaly);
        context.header("Unpark-Generations", slice.firstGeneration() + "-" + slice.lastGeneration());
        send(context, anomaly, ".trace", "application/octet-stream", slice.bytes());
    }

    /** What can be downloaded, with sizes; the slice is decoded for them, or it is said why it cannot be. */
    void downloads(Context context) {
        ObjectNode anomaly = anomaly(context);
        TraceSlice slice = slice(context, anomaly);
        ObjectNode body = Answers.JSON.createObjectNode();
        body.putObject("trace")
                .put("bytes", slice.bytes().length)
                .put("generations", slice.firstGeneration() + "-" + slice.lastGeneration());
        try {
            ReadSlice read = read(context, anomaly);
            body.putObject("perfetto").put("bytes", perfetto(read).length);
            body.putObject("pprof").put("bytes", pprof(read, Measure.BLOCKED).length);
        } catch (ProblemException e) {
            body.put("why", e.getMessage());
        }
        Answers.json(context, body);
    }

    /** The slice's requests in Chrome's trace event format. */
    void perfetto(Context context) {
        ObjectNode anomaly = anomaly(context);
        send(context, anomaly, ".perfetto.json", "application/json", perfetto(read(context, anomaly)));
    }

    private static byte[] perfetto(ReadSlice read) {
        StringBuilder out = new StringBuilder();
        try {
            PerfettoExport.write(out, read, SEGMENTS_MAX);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Blocked time by stack over the slice, or with {@code measure=cpu} its CPU samples. */
    void pprof(Context context) {
        Optional<String> asked = new Parameters(context, clock, List.of("measure")).oneOf("measure", MEASURES);
        Measure measure = asked.orElse("").equals("cpu") ? Measure.CPU : Measure.BLOCKED;
        ObjectNode anomaly = anomaly(context);
        send(context, anomaly, ".pb.gz", "application/octet-stream", pprof(read(context, anomaly), measure));
    }

    private static byte[] pprof(ReadSlice read, Measure measure) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PprofExport.write(out, measure, read.profiles());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return out.toByteArray();
    }

    ObjectNode anomaly(Context context) {
        String id = context.pathParam("id");
        return Answers.parse(anomalies
                .find(id, rule.get())
                .orElseThrow(() -> AnomaliesResource.unknown(id))
                .document());
    }

    private TraceSlice slice(Context context, ObjectNode anomaly) {
        SliceLookup found = slices.find(anomaly.path("id").asText())
                .orElseThrow(() -> ProblemException.notFound(
                        "No execution trace lies behind this anomaly, so there is no slice of one."));
        return switch (found.state()) {
            case READY -> found.slice().orElseThrow();
            case PENDING -> {
                context.header("Retry-After", SOON_S);
                throw ProblemException.notFound("The slice is being copied; try again in a moment.");
            }
            case GONE -> throw ProblemException.gone("There is no slice any more: " + found.reason() + ".");
        };
    }

    /** The slice, decoded; one of few readers at a time. */
    ReadSlice read(Context context, ObjectNode anomaly) {
        if (!readers.tryAcquire()) {
            context.header("Retry-After", SOON_S);
            throw ProblemException.unavailable("Other slices are being read; try again in a moment.");
        }
        try {
            Instance instance = new Instance(
                    anomaly.path("namespace").asText(),
                    anomaly.path("service").asText(),
                    anomaly.path("instance").asText(),
                    "");
            TraceSlice slice = slice(context, anomaly);
            return ReadSlice.of(slice.bytes(), instance, timeNs(anomaly, "last_seen"), AnalysisConfig.DEFAULTS);
        } catch (TraceFormatException e) {
            throw ProblemException.gone("The slice cannot be read by this version: " + e.getMessage());
        } finally {
            readers.release();
        }
    }

    /** A time of an anomaly in nanoseconds since 1970 UTC, 0 when not known. */
    static long timeNs(ObjectNode anomaly, String name) {
        try {
            Instant seen = Instant.parse(anomaly.path(name).asText());
            return Math.addExact(Math.multiplyExact(seen.getEpochSecond(), 1_000_000_000L), seen.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            return 0;
        }
    }

    private static void send(Context context, ObjectNode anomaly, String suffix, String type, byte[] bytes) {
        context.header("Content-Disposition", "attachment; filename=\"" + fileName(anomaly) + suffix + "\"");
        context.header("Cache-Control", "no-store");
        context.contentType(type).result(bytes);
    }

    /** From names of users: only harmless characters of them. */
    private static String fileName(ObjectNode anomaly) {
        String name = anomaly.path("service").asText() + "-"
                + anomaly.path("kind").asText() + "-" + anomaly.path("id").asText();
        String harmless = name.replaceAll("[^A-Za-z0-9_.-]+", "_").replaceAll("^[.]+", "_");
        return harmless.substring(0, Math.min(NAME_CHARS_MAX, harmless.length()));
    }
}
