package io.unpark.sink.consume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.json.UtcTime;
import io.unpark.analysis.model.Histogram;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RouteEdge;
import io.unpark.schemas.record.RouteRoot;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.SlowRequest;
import io.unpark.schemas.record.TimeSplit;
import io.unpark.sink.store.RouteWindowRow;
import io.unpark.sink.store.RuntimeWindowRow;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Windows to rows. */
final class WindowRows {
    /** Creation sites kept of a window, the largest: a chart shows no more, and a window comes every second. */
    private static final int CREATION_SITES_MAX = 20;

    private WindowRows() {}

    static RuntimeWindowRow of(RuntimeWindow window, long arrivedMs) throws BadRecordException {
        Instance instance = checked(window.getInstance());
        ObjectNode json = head(instance, window.getCapture(), window.getGeneration());
        json.put("start", UtcTime.text(window.getStartNs()));
        json.put("end", UtcTime.text(window.getEndNs()));
        json.put("goroutines", window.getGoroutines());
        json.set("goroutines_by_creation", Json.numbers(largest(window.getGoroutinesByCreation())));
        json.set("goroutines_by_reason", Json.numbers(window.getGoroutinesByReason()));
        json.set("sched_latency", quantiles(window.getSchedLatency()));
        json.put("gc_worker_ns", window.getGcWorkerNs());
        json.put("gc_assist_ns", window.getGcAssistNs());
        json.put("gc_cycles", window.getGcCycles());
        json.put("stop_the_world_ns", window.getStopTheWorldNs());
        json.put("stop_the_world_max_ns", window.getStopTheWorldMaxNs());
        putKnown(json, "heap_live_bytes", window.getHeapLiveBytes());
        putKnown(json, "heap_goal_bytes", window.getHeapGoalBytes());
        json.put("procs", window.getProcs());
        json.put("busy_ns", window.getBusyNs());
        return new RuntimeWindowRow(
                id(instance, window.getCapture(), window.getGeneration(), ""),
                instance.getNamespace(),
                instance.getService(),
                instance.getName(),
                window.getEndNs(),
                arrivedMs,
                window.getGoroutines(),
                TextLimits.document(json.toString()));
    }

    static RouteWindowRow of(RouteWindow window, long arrivedMs) throws BadRecordException {
        Instance instance = checked(window.getInstance());
        ObjectNode json = head(instance, window.getCapture(), window.getGeneration());
        json.put("start", UtcTime.text(window.getStartNs()));
        json.put("end", UtcTime.text(window.getEndNs()));
        json.put("route", window.getRoute());
        json.put("count", window.getCount());
        json.set("latency", quantiles(window.getLatency()));
        json.set("split", split(window.getSplit()));
        var edges = json.putArray("edges");
        for (RouteEdge edge : window.getEdges()) {
            edges.addObject()
                    .put("peer", edge.getPeer())
                    .put("route", edge.getRoute())
                    .put("count", edge.getCount())
                    .put("with_deadline", edge.getWithDeadline());
        }
        var roots = json.putArray("roots");
        for (RouteRoot root : window.getRoots()) {
            ObjectNode one = roots.addObject().put("kind", root.getKind()).put("reason", root.getReason());
            one.put("function", root.getPlace().getFunction());
            one.put("file", root.getPlace().getFile());
            one.put("line", root.getPlace().getLine());
            Json.unlessEmpty(one, "peer", root.getPeer());
            one.put("requests", root.getRequests()).put("explained_ns", root.getExplainedNs());
        }
        var slowest = json.putArray("slowest");
        for (SlowRequest slow : window.getSlowest()) {
            slowest.addObject().put("request", slow.getRequestId()).put("duration_ns", slow.getDurationNs());
        }
        return new RouteWindowRow(
                id(instance, window.getCapture(), window.getGeneration(), window.getRoute()),
                instance.getNamespace(),
                instance.getService(),
                window.getEndNs(),
                arrivedMs,
                TextLimits.document(json.toString()));
    }

    static Instance checked(Instance instance) throws BadRecordException {
        TextLimits.name("namespace", instance.getNamespace());
        TextLimits.name("service", instance.getService());
        TextLimits.name("instance", instance.getName());
        return instance;
    }

    private static ObjectNode head(Instance instance, String capture, long generation) {
        ObjectNode json = Json.object();
        json.put("namespace", instance.getNamespace());
        json.put("service", instance.getService());
        json.put("instance", instance.getName());
        Json.unlessEmpty(json, "version", instance.getVersion());
        json.put("capture", capture);
        json.put("generation", generation);
        return json;
    }

    private static void putKnown(ObjectNode json, String name, long value) {
        if (value >= 0) {
            json.put(name, value);
        }
    }

    private static ObjectNode quantiles(List<Long> counts) throws BadRecordException {
        if (counts.size() != Histogram.BUCKETS) {
            throw new BadRecordException(
                    "a histogram has " + counts.size() + " buckets instead of " + Histogram.BUCKETS);
        }
        Histogram histogram = new Histogram(counts);
        ObjectNode json = Json.object()
                .put("count", histogram.total())
                .put("p50_ns", histogram.quantileNs(500))
                .put("p90_ns", histogram.quantileNs(900))
                .put("p99_ns", histogram.quantileNs(990));
        // Quantiles don't add up, counts do.
        ObjectNode buckets = json.putObject("buckets");
        for (int i = 0; i < counts.size(); i++) {
            if (counts.get(i) != 0) {
                buckets.put(Integer.toString(i), counts.get(i));
            }
        }
        return json;
    }

    private static ObjectNode split(TimeSplit split) {
        ObjectNode json = Json.object()
                .put("running_ns", split.getRunningNs())
                .put("runnable_ns", split.getRunnableNs())
                .put("syscall_ns", split.getSyscallNs())
                .put("gc_assist_ns", split.getGcAssistNs())
                .put("stop_the_world_ns", split.getStopTheWorldNs());
        json.set("blocked_ns", Json.numbers(split.getBlockedNs()));
        return json;
    }

    private static Map<String, Long> largest(Map<String, Long> counts) {
        Map<String, Long> kept = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(CREATION_SITES_MAX)
                .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
        return kept;
    }

    /** Short whatever the names are, and equal for a window that comes again. */
    static String id(Instance instance, String capture, long generation, String route) {
        return RowIds.of(List.of(
                instance.getNamespace(),
                instance.getService(),
                instance.getName(),
                capture,
                Long.toString(generation),
                route));
    }
}
