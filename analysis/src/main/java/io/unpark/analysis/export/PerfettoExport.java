package io.unpark.analysis.export;

import io.unpark.analysis.json.JsonEvents;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Member;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.analysis.model.Wait;
import io.unpark.analysis.request.CausalChain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Requests as Chrome's trace event JSON, which Perfetto opens: a process for each instance, a thread for each goroutine with
 * its request and its longest waits, an arrow from each waker to the wait that it ended and from each call to its callee's
 * request, and for each request a thread with its critical path as nested slices. Times are those of each service's own clock.
 */
public final class PerfettoExport {
    /** Perfetto's threads have 32 bits: a goroutine with a greater number gets one from here on. */
    private static final long RENUMBERED = 1L << 31;

    /** Thread numbers of critical paths begin here. */
    private static final long PATHS = 3L << 30;

    private final JsonEvents out;
    private final Map<String, Long> processes = new HashMap<>();
    private final Map<String, RequestSegment> calleeBySpan = new HashMap<>();
    private final Map<String, List<RequestSegment>> byRequest = new HashMap<>();
    private final Map<Long, Long> renumbered = new HashMap<>();
    private long startNs = Long.MAX_VALUE;
    private long nextPath = PATHS;
    private long nextCall = 1;
    private long nextFlow = 1;

    private PerfettoExport(Appendable to) {
        this.out = new JsonEvents(to);
    }

    /**
     * Writes one JSON document.
     *
     * @param segments of any number of requests, one revision of each, in the order that they shall have
     * @throws IOException from {@code to}
     */
    public static void write(Appendable to, Collection<RequestSegment> segments) throws IOException {
        PerfettoExport export = new PerfettoExport(to);
        export.know(segments);
        export.begin();
        for (RequestSegment segment : segments) {
            export.segment(segment);
        }
        export.out.end();
    }

    /**
     * Writes one JSON document of a slice: its requests, and how many goroutines lived and how large the heap was at the end of
     * each generation.
     *
     * @param maxSegments of more, the longest
     * @throws IOException from {@code to}
     */
    public static void write(Appendable to, ReadSlice slice, int maxSegments) throws IOException {
        PerfettoExport export = new PerfettoExport(to);
        List<RequestSegment> longest = slice.segments().stream()
                .sorted(Comparator.comparingLong((RequestSegment s) -> s.startNs() - s.endNs()))
                .limit(maxSegments)
                .toList();
        export.know(longest);
        slice.windows().forEach(window -> export.starts(window.endNs()));
        export.begin();
        for (RequestSegment segment : longest) {
            export.segment(segment);
        }
        for (RuntimeWindow window : slice.windows()) {
            export.window(window);
        }
        export.out.end();
    }

    private void know(Collection<RequestSegment> segments) {
        for (RequestSegment segment : segments) {
            starts(segment.startNs());
            segment.waits().forEach(wait -> starts(wait.startNs()));
            segment.calls().forEach(call -> starts(call.startNs()));
            segment.path().hops().forEach(hop -> starts(hop.startNs()));
            byRequest
                    .computeIfAbsent(segment.requestId(), id -> new ArrayList<>())
                    .add(segment);
            if (!segment.parentSpanId().isEmpty()) {
                calleeBySpan.putIfAbsent(segment.parentSpanId(), segment);
            }
        }
    }

    private void begin() throws IOException {
        out.begin(startNs == Long.MAX_VALUE ? 0 : startNs);
    }

    private void starts(long ns) {
        startNs = Math.min(startNs, ns);
    }

    private long thread(long goroutine) {
        return goroutine >= 0 && goroutine < RENUMBERED
                ? goroutine
                : renumbered.computeIfAbsent(goroutine, it -> RENUMBERED + renumbered.size());
    }

    private void window(RuntimeWindow window) throws IOException {
        long process = process(window.instance());
        out.counter("goroutines", process, window.endNs(), Map.of("alive", window.goroutines()));
        if (window.heapLiveBytes() >= 0) {
            Map<String, Object> heap = new LinkedHashMap<>();
            heap.put("live", window.heapLiveBytes());
            if (window.heapGoalBytes() >= 0) {
                heap.put("goal", window.heapGoalBytes());
            }
            out.counter("heap (bytes)", process, window.endNs(), heap);
        }
    }

    private void segment(RequestSegment s) throws IOException {
        long process = process(s.instance());
        String name = s.route().isEmpty() ? "request" : s.route();
        Map<String, Object> about = about(s);
        about.put("critical_path", criticalPath(s));
        about.put("goroutines", s.members().stream().map(PerfettoExport::member).toList());
        out.slice(name, process, thread(s.goroutine()), s.startNs(), s.endNs() - s.startNs(), about);
        for (Wait wait : s.waits()) {
            wait(wait, process);
        }
        for (OutgoingCall call : s.calls()) {
            call(call, s, process);
        }
        path(s, process, name);
    }

    private long process(Instance instance) throws IOException {
        String key = instance.namespace() + "/" + instance.service() + "/" + instance.name();
        Long known = processes.get(key);
        if (known != null) {
            return known;
        }
        long process = processes.size() + 1L;
        processes.put(key, process);
        out.name("process_name", process, 0, instance.service() + " (" + instance.name() + ")");
        return process;
    }

    private static Map<String, Object> about(RequestSegment s) {
        TimeSplit split = s.split();
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("request", s.requestId());
        about.put("attribution", s.attribution().id());
        about.put("running_ns", split.runningNs());
        about.put("runnable_ns", split.runnableNs());
        about.put("syscall_ns", split.syscallNs());
        about.put("gc_assist_ns", split.gcAssistNs());
        about.put("stop_the_world_ns", split.stopTheWorldNs());
        new TreeMap<>(split.blockedNs()).forEach((reason, ns) -> about.put("blocked (" + reason + ") ns", ns));
        return about;
    }

    /** All of it, over all services, with what has no place of its own in time. */
    private List<String> criticalPath(RequestSegment s) {
        long wallNs = s.endNs() - s.startNs();
        List<String> lines = new ArrayList<>();
        for (CauseStep step : CausalChain.stepsOf(s, byRequest.get(s.requestId()))) {
            String at = step.function().isEmpty()
                    ? ""
                    : " at " + new Frame(step.function(), step.file(), step.line()).display();
            lines.add(String.format(
                    Locale.ROOT,
                    "%s%.1f %% %s %s: %s%s",
                    "  ".repeat(step.depth()),
                    wallNs <= 0 ? 0 : 100.0 * step.totalNs() / wallNs,
                    step.service(),
                    step.route(),
                    step.what(),
                    at));
        }
        return lines;
    }

    private static String member(Member m) {
        return m.goroutine() + " " + m.start() + (m.pooled() ? " (pooled, " : " (")
                + (m.certain() ? "certain" : "inferred") + "), ran " + m.cpuNs() + " ns";
    }

    private void wait(Wait wait, long process) throws IOException {
        Map<String, Object> args = new LinkedHashMap<>();
        args.put("stack", wait.stack().display());
        args.put("at_least", wait.atLeast());
        out.slice(
                "blocked: " + wait.reason(),
                process,
                thread(wait.goroutine()),
                wait.startNs(),
                wait.durationNs(),
                args);
        if (wait.wakerGoroutine() >= 0 && wait.durationNs() > 1) {
            long endNs = wait.startNs() + wait.durationNs();
            Map<String, Object> waker = Map.of("stack", wait.wakerStack().display());
            out.slice(
                    "wakes goroutine " + wait.goroutine(), process, thread(wait.wakerGoroutine()), endNs - 1, 1, waker);
            flow("wake-up", process, wait.wakerGoroutine(), endNs - 1, process, wait.goroutine(), endNs - 1);
        }
    }

    private void call(OutgoingCall call, RequestSegment caller, long process) throws IOException {
        if (call.endNs() > call.startNs()) {
            out.span(label(call), process, callId(call), call.startNs(), call.endNs());
        }
        RequestSegment callee = calleeBySpan.get(call.spanId());
        // An arrow backwards in time is no arrow: then the two clocks are too far apart to draw one.
        if (callee != null && callee.startNs() >= call.startNs()) {
            flow(
                    "call",
                    process,
                    caller.goroutine(),
                    call.startNs(),
                    process(callee.instance()),
                    callee.goroutine(),
                    callee.startNs());
        }
    }

    private static String label(OutgoingCall call) {
        return "call " + call.peer() + " " + call.route();
    }

    /** Begin and end are found by it, also where a call has no span. */
    private String callId(OutgoingCall call) {
        return nextCall++ + (call.spanId().isEmpty() ? "" : " " + call.spanId());
    }

    private void flow(String name, long fromProcess, long from, long fromNs, long toProcess, long to, long toNs)
            throws IOException {
        long id = nextFlow++;
        out.flowStart(name, id, fromProcess, thread(from), fromNs);
        out.flowEnd(name, id, toProcess, thread(to), toNs);
    }

    /** Hops that stand for one stretch lie within each other; the others have no place of their own in time. */
    private void path(RequestSegment s, long process, String name) throws IOException {
        long thread = nextPath++;
        long[] totals = s.path().totals();
        boolean[] drawn = new boolean[totals.length];
        for (int i = 0; i < totals.length; i++) {
            PathHop hop = s.path().hops().get(i);
            boolean within = hop.parent() < 0 || drawn[hop.parent()];
            if (hop.count() == 1 && totals[i] > 0 && within) {
                drawn[i] = true;
                Map<String, Object> args = new LinkedHashMap<>();
                args.put("goroutine", hop.goroutine());
                args.put("line", hop.place().display());
                args.put("own_ns", hop.ns());
                out.slice(label(hop), process, thread, hop.startNs(), totals[i], args);
            }
        }
        out.name("thread_name", process, thread, "critical path of " + name + " " + s.requestId());
    }

    private static String label(PathHop hop) {
        String did = hop.reason().isEmpty() ? hop.kind().id() : hop.kind().id() + ": " + hop.reason();
        return hop.line().function().isEmpty() ? did : did + " at " + hop.line().function();
    }
}
