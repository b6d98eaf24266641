package io.unpark.streams;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.DeadlineSigns;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.LateWork;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.analysis.model.Wait;
import io.unpark.schemas.record.RaceAccess;
import io.unpark.schemas.record.RaceOrigin;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Records for the tests, complete enough to be real. */
final class Records {
    static final long MS = 1_000_000;
    static final long T0 = 1_790_000_000_000_000_000L;
    static final Stack STACK = new Stack(List.of(
            new Frame("runtime.gopark", "runtime/proc.go", 435), new Frame("main.handler", "/src/main.go", 42)));

    private Records() {}

    static Instance instance(String name) {
        return new Instance("shop", "orders", name, "v1");
    }

    static String key(String name) {
        return "shop/orders/" + name;
    }

    static Finding leak(String instance, long revision, long count) {
        return leak("main.handler", instance, revision, count);
    }

    /** Of another fingerprint for another handler. */
    static Finding finding(String handler, long count) {
        return leak(handler, "a", 1, count);
    }

    private static Finding leak(String handler, String instance, long revision, long count) {
        Instance subject = instance(instance);
        String anomaly = Ids.anomaly(Kind.GOROUTINE_LEAK, subject, handler + ".func1", handler, "");
        return new Finding(
                Ids.finding(Kind.GOROUTINE_LEAK, Ids.subject(subject), anomaly),
                anomaly,
                Kind.GOROUTINE_LEAK,
                Ids.subject(subject),
                revision,
                false,
                subject,
                "",
                new Place("main.handler.func1", "/src/main.go", 42, "main.handler", ""),
                Severity.WARNING,
                Confidence.LIKELY,
                count,
                T0,
                T0 + revision * MS,
                count * MS,
                count + " goroutines of main.handler never end",
                Evidence.builder()
                        .put("reason", "chan send")
                        .put("created", 12L)
                        .put("certain", true)
                        .put("stack", STACK.display())
                        .build(),
                List.of(new CauseStep("orders", "", "waits", "chan send", "main.handler", "/src/main.go", 42, MS)),
                new Advice("Give the channel a buffer of one.", "goroutine profile", "detectors/goroutine_leak.md"),
                List.of(new ChunkRef("go-trace-chunks", 1, 17, "c1", 3)),
                "abc");
    }

    /** What {@link ScriptedJudge} understands. */
    static TraceChunk chunk(String instance, long generation, String script) {
        return part(instance, generation, 0, 1, script);
    }

    static TraceChunk part(String instance, long generation, int part, int parts, String script) {
        ByteBuffer bytes = ByteBuffer.wrap(script.getBytes(StandardCharsets.UTF_8));
        return chunk(instance, generation, part, parts, ChunkChecks.crc32c(bytes), bytes);
    }

    static TraceChunk chunk(String instance, long generation, int part, int parts, int crc32c, ByteBuffer bytes) {
        return TraceChunk.newBuilder()
                .setInstance(PartMapper.toAvro(instance(instance)))
                .setGoMinor(26)
                .setCapture("c1")
                .setSequence(generation - 1)
                .setGeneration(generation)
                .setPart(part)
                .setParts(parts)
                .setCrc32c(crc32c)
                .setCapturedUnixNs(T0 + generation * 1000 * MS)
                .setBytes(bytes)
                .build();
    }

    static RaceReport race(String instance, String id) {
        var frames = PartMapper.toAvro(STACK);
        return new RaceReport(
                id,
                PartMapper.toAvro(instance(instance)),
                T0,
                List.of(
                        new RaceAccess("write", false, "0x00c000012345", 7L, false, frames),
                        new RaceAccess("read", false, "0x00c000012345", 8L, false, frames)),
                List.of(new RaceOrigin(7L, false, frames)),
                "WARNING: DATA RACE");
    }

    /** The caller's part of a request: it has a deadline and calls without telling it. */
    static RequestSegment caller(String requestId) {
        OutgoingCall call = new OutgoingCall(
                requestId, "call", "orders:80", "GET /o", T0 + MS, T0 + 90 * MS, T0 + 150 * MS, 0, false, "", STACK);
        return segment(requestId, "a", "", "gateway-1", T0 + 150 * MS, List.of(call), 1);
    }

    /** The callee's part: it knows of no deadline. */
    static RequestSegment callee(String requestId) {
        return segment(requestId, "b", "call", "orders-1", 0, List.of(), 1);
    }

    static RequestSegment segment(
            String requestId,
            String segmentId,
            String parent,
            String instance,
            long contextDeadlineNs,
            List<OutgoingCall> calls,
            long revision) {
        return new RequestSegment(
                requestId,
                segmentId,
                parent,
                revision,
                instance(instance),
                "",
                "GET /o",
                5,
                T0,
                T0 + 100 * MS,
                false,
                false,
                Confidence.CERTAIN,
                STACK,
                0,
                contextDeadlineNs,
                0,
                false,
                3 * MS,
                new TimeSplit(MS, MS, 0, 0, 0, new TreeMap<>(Map.of("network", 98 * MS))),
                List.of(new Wait(5, T0, 98 * MS, false, "network", STACK, -1, Stack.EMPTY)),
                calls,
                List.of(new LateWork(9, 2 * MS, MS, true, STACK)),
                List.of(new ChunkRef("go-trace-chunks", 0, 3, "c1", 1)),
                DeadlineSigns.NONE,
                RequestPath.NONE,
                List.of(),
                0,
                false);
    }
}
