package io.unpark.streams;

import io.unpark.analysis.model.RouteWindow;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.schemas.record.SlowRequest;

/** The windows of one generation as Avro records; nothing here reads them back. */
public final class WindowMapper {
    private WindowMapper() {}

    public static io.unpark.schemas.record.RuntimeWindow toAvro(RuntimeWindow it) {
        return io.unpark.schemas.record.RuntimeWindow.newBuilder()
                .setInstance(PartMapper.toAvro(it.instance()))
                .setCapture(it.capture())
                .setGeneration(it.generation())
                .setStartNs(it.startNs())
                .setEndNs(it.endNs())
                .setGoroutines(it.goroutines())
                .setGoroutinesByCreation(it.goroutinesByCreation())
                .setGoroutinesByReason(it.goroutinesByReason())
                .setSchedLatency(it.schedLatency().counts())
                .setGcWorkerNs(it.gcWorkerNs())
                .setGcAssistNs(it.gcAssistNs())
                .setGcCycles(it.gcCycles())
                .setStopTheWorldNs(it.stopTheWorldNs())
                .setStopTheWorldMaxNs(it.stopTheWorldMaxNs())
                .setHeapLiveBytes(it.heapLiveBytes())
                .setHeapGoalBytes(it.heapGoalBytes())
                .setProcs(it.procs())
                .setBusyNs(it.busyNs())
                .build();
    }

    public static io.unpark.schemas.record.RouteWindow toAvro(RouteWindow it) {
        return io.unpark.schemas.record.RouteWindow.newBuilder()
                .setInstance(PartMapper.toAvro(it.instance()))
                .setCapture(it.capture())
                .setGeneration(it.generation())
                .setStartNs(it.startNs())
                .setEndNs(it.endNs())
                .setRoute(it.route())
                .setCount(it.count())
                .setLatency(it.latency().counts())
                .setSplit(PartMapper.toAvro(it.split()))
                .setEdges(it.edges().stream()
                        .map(e -> new io.unpark.schemas.record.RouteEdge(
                                e.peer(), e.route(), e.count(), e.withDeadline()))
                        .toList())
                .setRoots(it.roots().stream().map(PathMapper::toAvro).toList())
                .setSlowest(it.slowest().stream()
                        .map(slow -> new SlowRequest(slow.requestId(), slow.durationNs()))
                        .toList())
                .build();
    }
}
