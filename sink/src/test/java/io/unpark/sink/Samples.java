package io.unpark.sink;

import io.unpark.analysis.model.Histogram;
import io.unpark.schemas.record.Advice;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.CauseStep;
import io.unpark.schemas.record.ChunkRef;
import io.unpark.schemas.record.Confidence;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.Place;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.schemas.record.RouteEdge;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.Severity;
import io.unpark.schemas.record.TimeSplit;
import io.unpark.schemas.record.TraceChunk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/** Records as the topologies write them. */
public final class Samples {
    /** 2026-11-23T00:00:00Z. */
    public static final long START_NS = 1_795_392_000_000_000_000L;

    public static final long SECOND_NS = 1_000_000_000L;

    private Samples() {}

    public static Instance instance(String service) {
        return new Instance("shop", service, service + "-1", "v1.4.2");
    }

    public static Anomaly.Builder anomaly(String id, String service, String kind) {
        return Anomaly.newBuilder()
                .setId(id)
                .setKind(kind)
                .setInstance(instance(service))
                .setPlace(
                        new Place("main.handler.func1", "/src/" + service + "/main.go", 42, "main.handler", "GET /api"))
                .setSeverity(Severity.WARNING)
                .setConfidence(Confidence.CERTAIN)
                .setCount(17)
                .setFirstSeenNs(START_NS)
                .setLastSeenNs(START_NS + 30 * SECOND_NS)
                .setSummary("17 goroutines started by main.handler wait for a receiver that is gone")
                .setEvidence(Map.of(
                        "waited_ns",
                        31_000_000_000L,
                        "rising",
                        true,
                        "wait_reason",
                        "chan send",
                        "blocking_stack",
                        List.of("main.handler.func1 /src/main.go:42", "main.serve /src/main.go:10")))
                .setCause(List.of(new CauseStep(
                        service,
                        "GET /api",
                        "waited to send",
                        "chan send",
                        "main.handler.func1",
                        "main.go",
                        42,
                        5_000L,
                        0,
                        5_000L,
                        0)))
                .setAdvice(new Advice("Give the channel a buffer of one.", "the slice", "detectors/goroutine_leak.md"))
                .setSlices(List.of())
                .setWorstFindingId("finding-of-" + id)
                .setConfigHash("c0ffee");
    }

    public static RuntimeWindow.Builder runtimeWindow(String service, long generation) {
        return RuntimeWindow.newBuilder()
                .setInstance(instance(service))
                .setCapture("capture-1")
                .setGeneration(generation)
                .setStartNs(START_NS + generation * SECOND_NS)
                .setEndNs(START_NS + (generation + 1) * SECOND_NS)
                .setGoroutines(100 + generation)
                .setGoroutinesByCreation(Map.of("main.handler", 90L + generation, "main.main", 10L))
                .setGoroutinesByReason(Map.of("chan send", 80L))
                .setSchedLatency(histogram(14, 200))
                .setGcWorkerNs(2_000_000)
                .setGcAssistNs(100_000)
                .setGcCycles(1)
                .setStopTheWorldNs(90_000)
                .setStopTheWorldMaxNs(60_000)
                .setHeapLiveBytes(48L << 20)
                .setHeapGoalBytes(96L << 20)
                .setProcs(4)
                .setBusyNs(700_000_000);
    }

    public static RouteWindow.Builder routeWindow(String service, long generation, String route) {
        return RouteWindow.newBuilder()
                .setInstance(instance(service))
                .setCapture("capture-1")
                .setGeneration(generation)
                .setStartNs(START_NS + generation * SECOND_NS)
                .setEndNs(START_NS + (generation + 1) * SECOND_NS)
                .setRoute(route)
                .setCount(120)
                .setLatency(histogram(22, 120))
                .setSplit(new TimeSplit(10L, 20L, 30L, 40L, 50L, Map.of("chan receive", 60L)))
                .setEdges(List.of(new RouteEdge("inventory:8080", "GET /stock", 120L, 119L)));
    }

    public static RequestTrace request(String id) {
        return RequestTrace.newBuilder()
                .setRequestId(id)
                .setRevision(1)
                .setSegments(List.of())
                .build();
    }

    /** One part of a generation whose bytes all are {@code content}. */
    public static TraceChunk chunk(String capture, long generation, int part, int parts, int sizeBytes, int content) {
        byte[] bytes = new byte[sizeBytes];
        Arrays.fill(bytes, (byte) content);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return TraceChunk.newBuilder()
                .setInstance(instance("orders"))
                .setGoMinor(26)
                .setCapture(capture)
                .setGeneration(generation)
                .setPart(part)
                .setParts(parts)
                .setCrc32c((int) crc.getValue())
                .setCapturedUnixNs(START_NS)
                .setBytes(ByteBuffer.wrap(bytes))
                .build();
    }

    public static ChunkRef ref(String topic, int partition, long offset, String capture, long generation) {
        return new ChunkRef(topic, partition, offset, capture, generation);
    }

    /** So many durations, all in one bucket. */
    public static List<Long> histogram(int bucket, long count) {
        return LongStream.range(0, Histogram.BUCKETS)
                .map(i -> i == bucket ? count : 0)
                .boxed()
                .toList();
    }
}
