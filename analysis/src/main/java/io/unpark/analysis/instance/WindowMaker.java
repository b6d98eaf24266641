package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Histogram;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RouteWindow;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.model.StackProfile;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.trace.GoState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums up a generation: the runtime's window, each route's, and the profile of blocked time. */
final class WindowMaker {
    private static final int MAX_SITES = 200;
    private static final String OTHER = "(other)";

    private final InstanceState state;
    private final Instance instance;
    private final String capture;
    private final long generation;
    private final long startNs;
    private final long endNs;

    WindowMaker(InstanceState state, Instance instance, String capture, long generation, long startNs, long endNs) {
        this.state = state;
        this.instance = instance;
        this.capture = capture;
        this.generation = generation;
        this.startNs = state.clock.wall(startNs);
        this.endNs = state.clock.wall(endNs);
    }

    RuntimeWindow runtime() {
        TreeMap<String, Long> byCreation = new TreeMap<>();
        TreeMap<String, Long> byReason = new TreeMap<>();
        state.goroutines.forEachSorted(g -> {
            byCreation.merge(creationSite(g), 1L, Long::sum);
            if (g.state == GoState.WAITING) {
                byReason.merge(g.reason.isEmpty() ? "unknown" : g.reason, 1L, Long::sum);
            }
        });
        RuntimeMeter meter = state.meter;
        return new RuntimeWindow(
                instance,
                capture,
                generation,
                startNs,
                endNs,
                state.goroutines.size(),
                largest(byCreation),
                largest(byReason),
                Histogram.of(meter.schedLatency),
                meter.gcWorkerNs,
                meter.gcAssistNs,
                meter.gcCycles,
                state.world.windowNs(),
                state.world.windowMaxNs(),
                meter.heapLiveBytes,
                meter.heapGoalBytes,
                meter.procs(),
                meter.busyNs);
    }

    private static String creationSite(Goroutine g) {
        if (!g.creation.isEmpty()) {
            Frame frame = g.creation.frames().get(0);
            return frame.function();
        }
        return g.start.isEmpty() ? "(unknown)" : g.start;
    }

    private static TreeMap<String, Long> largest(TreeMap<String, Long> all) {
        if (all.size() <= MAX_SITES) {
            return all;
        }
        TreeMap<String, Long> kept = new TreeMap<>();
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(all.entrySet());
        sorted.sort(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        sorted.subList(0, MAX_SITES).forEach(e -> kept.put(e.getKey(), e.getValue()));
        long rest = sorted.subList(MAX_SITES, sorted.size()).stream()
                .mapToLong(Map.Entry::getValue)
                .sum();
        kept.put(OTHER, rest);
        return kept;
    }

    StackProfile profile() {
        List<StackProfile.Entry> entries = state.blocks.entries();
        return new StackProfile(
                instance,
                capture,
                generation,
                startNs,
                endNs,
                entries,
                state.blocks.otherNs(),
                state.blocks.otherSamples());
    }

    /** One window per route of the requests that ended in this generation. */
    List<RouteWindow> routes(List<RequestSegment> segments) {
        Map<String, List<RequestSegment>> byRoute = new TreeMap<>();
        for (RequestSegment segment : segments) {
            if (!segment.endTruncated()) {
                byRoute.computeIfAbsent(segment.route(), k -> new ArrayList<>()).add(segment);
            }
        }
        List<RouteWindow> windows = new ArrayList<>();
        RootShares roots = new RootShares(segments);
        byRoute.forEach((route, ended) -> windows.add(route(route, ended, roots.of(route))));
        return windows;
    }

    private RouteWindow route(String route, List<RequestSegment> ended, List<RouteWindow.Root> roots) {
        long[] latency = new long[Histogram.BUCKETS];
        TimeSplit total = TimeSplit.ZERO;
        TreeMap<List<String>, long[]> edges = new TreeMap<>(
                Comparator.<List<String>, String>comparing(k -> k.get(0)).thenComparing(k -> k.get(1)));
        for (RequestSegment segment : ended) {
            if (!segment.startTruncated()) {
                latency[Histogram.bucket(segment.endNs() - segment.startNs())]++;
            }
            total = total.plus(segment.split());
            for (OutgoingCall call : segment.calls()) {
                long[] counts = edges.computeIfAbsent(List.of(call.peer(), call.route()), k -> new long[2]);
                counts[0]++;
                counts[1] += call.headerDeadlineNs() > 0 ? 1 : 0;
            }
        }
        List<RouteWindow.Edge> calls = new ArrayList<>();
        edges.forEach((to, n) -> calls.add(new RouteWindow.Edge(to.get(0), to.get(1), n[0], n[1])));
        return new RouteWindow(
                instance,
                capture,
                generation,
                startNs,
                endNs,
                route,
                ended.size(),
                Histogram.of(latency),
                total,
                calls,
                roots,
                slowest(ended));
    }

    private static List<RouteWindow.Slow> slowest(List<RequestSegment> ended) {
        return ended.stream()
                .filter(RequestSegment::slowest)
                .map(s -> new RouteWindow.Slow(s.requestId(), s.endNs() - s.startNs()))
                .sorted(Comparator.comparingLong(RouteWindow.Slow::durationNs)
                        .reversed()
                        .thenComparing(RouteWindow.Slow::requestId))
                .limit(RouteWindow.MAX_SLOWEST)
                .toList();
    }
}
