package io.unpark.analysis.instance;

import io.unpark.analysis.config.HeaderBudget;
import io.unpark.analysis.config.LogKeys;
import io.unpark.analysis.instance.OpenRequest.Source;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Stack;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** Takes what tasks and logs say about requests: our own format (docs/annotations.md), and the keys that others log. */
final class RequestAnnotations {
    private static final String REQUEST_TASK = "unpark.request";
    private static final String OURS = "unpark.";

    private final RequestTracker tracker;
    private final LateWatch late;
    private final TraceClock clock;
    private final Map<String, LogKeys.Meaning> meanings;
    final LongMap<OpenRequest> byTask = new LongMap<>();

    RequestAnnotations(RequestTracker tracker, LateWatch late, TraceClock clock, LogKeys keys) {
        this.tracker = tracker;
        this.late = late;
        this.clock = clock;
        this.meanings = keys.meanings();
    }

    void taskBegin(Goroutine g, long task, long parent, String type, Stack stack, long nowNs) {
        boolean ours = REQUEST_TASK.equals(type);
        OpenRequest request = g.request;
        OpenRequest outer = parent > 0 ? byTask.get(parent) : null;
        if (outer != null && !(ours && request != outer)) {
            inner(outer, g, task, nowNs);
        } else if (request == null) {
            opened(tracker.open(g, ours ? Source.ANNOTATED : Source.TASK, nowNs), task, ours ? "" : type);
        } else if (!RequestTracker.isMain(g, request) || request.task != 0 && byTask.get(request.task) == request) {
            inner(request, g, task, nowNs); // a client's span, or a part of the work
        } else if (ours) {
            tracker.restart(request, Source.ANNOTATED, nowNs);
            opened(request, task, "");
        } else if (request.source == Source.HTTP) {
            within(request, task, type, stack, nowNs);
        }
    }

    private void opened(OpenRequest request, long task, String route) {
        if (request != null) {
            request.confirmed = true;
            request.task = task;
            request.route = route;
            byTask.put(task, request);
        }
    }

    /** A part of the request, on whichever goroutine. */
    private void inner(OpenRequest request, Goroutine g, long task, long nowNs) {
        if (request.innerTasks.size() < OpenRequest.MAX_INNER_TASKS) {
            request.innerTasks.add(task);
            byTask.put(task, request);
        }
        tracker.pooled.logged(g, request, nowNs);
    }

    /** The server's task names a request whose bounds are known by its shape; so may what is only a part, until it shows. */
    private void within(OpenRequest request, long task, String type, Stack stack, long nowNs) {
        if (request.taskStartNs != OpenRequest.NONE && !request.onlyParts) {
            request.forgetTask();
        }
        request.onlyParts |= tracker.isOutgoing(stack);
        if (request.onlyParts) {
            inner(request, null, task, nowNs);
        } else {
            request.taskStartNs = nowNs;
            opened(request, task, type);
        }
    }

    void taskEnd(Goroutine g, long task, LongMap<Goroutine> goroutines, long nowNs) {
        OpenRequest request = byTask.remove(task);
        if (request == null) {
            return;
        }
        tracker.unseen.alive(request);
        if (request.innerTasks.remove(task) || request.ended() || task != request.task) {
            return;
        }
        if (request.source == Source.HTTP) {
            request.taskEnded(nowNs);
            return;
        }
        Goroutine main = g != null && g.id == request.mainGoroutine ? g : goroutines.get(request.mainGoroutine);
        if (main != null && main.request == request) {
            tracker.end(request, main, nowNs);
        }
    }

    /** What the goroutine does until the region's end is for the task's request. */
    void regionBegin(Goroutine g, long task, long nowNs) {
        OpenRequest request = byTask.get(task);
        if (request != null) {
            tracker.unseen.alive(request);
            tracker.pooled.regionBegan(g, request, nowNs);
        }
    }

    /** Lets go of the tasks of requests that nobody follows any more: a task's end may never come. */
    void retain(Collection<OpenRequest> followed) {
        Set<OpenRequest> kept = new HashSet<>(followed);
        for (long task : byTask.sortedKeys()) {
            if (!kept.contains(byTask.get(task))) {
                byTask.remove(task);
            }
        }
    }

    /** A log on a task; without one, on the goroutine's request. */
    void log(Goroutine g, long task, String category, String message, byte[] raw, Stack stack, long nowNs) {
        OpenRequest request = byTask.get(task);
        if (request == null && g != null) {
            request = g.request != null ? g.request : began(g, task, category, nowNs);
        } else if (request != null) {
            tracker.unseen.alive(request);
            if (g != null) {
                tracker.pooled.logged(g, request, nowNs);
            }
        }
        boolean part = request != null && task != 0 && byTask.get(task) == request && task != request.task;
        boolean anybodys = category.startsWith(OURS) && !category.equals(REQUEST_TASK);
        if (request == null || part && !anybodys) {
            return; // a part's ids are not the request's
        }
        switch (category) {
            case "unpark.request" -> request(request, Annotation.parse(message));
            case "unpark.call" -> call(request, g, Annotation.parse(message), stack, nowNs);
            case "unpark.call_end" -> callEnd(request, g, Annotation.parse(message), nowNs);
            case "unpark.cancel" ->
                late.expired(
                        request,
                        nowNs,
                        !"deadline".equals(Annotation.parse(message).get("cause")),
                        false);
            default -> anothers(request, category, message, raw, stack, nowNs);
        }
    }

    /** A log of somebody else's: about requests when its category is a known or a configured one. */
    private void anothers(OpenRequest request, String category, String message, byte[] raw, Stack stack, long nowNs) {
        switch (meanings.getOrDefault(category, LogKeys.Meaning.NONE)) {
            case TRACEPARENT -> traceparent(request, message);
            case TRACE_ID -> {
                request.traceId = Annotation.hex(message, 32, request.traceId);
                request.idLogger = logger(stack);
            }
            case SPAN_ID -> request.spanId = Annotation.hex(message, 16, datadog(raw, request.spanId));
            case DEADLINE_UNIX_MS -> {
                request.contextDeadlineWallNs = Annotation.timeMs(message);
                request.deadlineLogged =
                        request.contextDeadlineWallNs > 0 && isSameFile(request.idLogger, logger(stack));
            }
            case DEADLINE_HEADER -> header(request, HeaderBudget.ns(category, message), stack, nowNs);
            case NONE -> {
                // nothing about requests
            }
        }
    }

    /** A header's budget counts from the moment that it is logged; of several the shortest holds. Without a clock it is no time. */
    private void header(OpenRequest request, long budgetNs, Stack stack, long nowNs) {
        if (budgetNs == HeaderBudget.NONE || !clock.known()) {
            return;
        }
        long wallNs = clock.wall(nowNs);
        long deadlineNs = budgetNs > Long.MAX_VALUE - wallNs ? Long.MAX_VALUE : wallNs + budgetNs;
        long before = request.headerDeadlineWallNs;
        request.headerDeadlineWallNs = before == 0 ? deadlineNs : Math.min(before, deadlineNs);
        request.deadlineLogged |= isSameFile(request.idLogger, logger(stack));
    }

    /**
     * The line that logs: the same code in two services logs the same things, where they exist. File and line, since an inlined
     * closure is named after whoever called it; with one folder, since the same code may be built in two places.
     */
    private static String logger(Stack stack) {
        if (stack.isEmpty()) {
            return "";
        }
        Frame frame = stack.frames().get(0);
        int name = frame.file().lastIndexOf('/');
        int folder = name < 0 ? -1 : frame.file().lastIndexOf('/', name - 1);
        return frame.file().substring(folder + 1) + ":" + frame.line();
    }

    private static boolean isSameFile(String logger, String other) {
        int colon = logger.lastIndexOf(':');
        return colon > 0 && other.startsWith(logger.substring(0, colon + 1));
    }

    /** A log of ours on a task that began before we could see it: the request did, too. */
    private OpenRequest began(Goroutine g, long task, String category, long nowNs) {
        boolean onMain = category.equals("unpark.call") || category.equals("unpark.end");
        if (task == 0 || !onMain || g.worker != null || !g.undecided) {
            return null;
        }
        OpenRequest request = tracker.unseen.open(g, Source.ANNOTATED, nowNs);
        opened(request, task, "");
        return request;
    }

    private static void request(OpenRequest request, Map<String, String> said) {
        request.source = Source.ANNOTATED;
        request.told = true;
        request.traceId = Annotation.hex(said.get("trace"), 32, "");
        request.spanId = Annotation.hex(said.get("span"), 16, "");
        request.parentSpanId = Annotation.hex(said.get("parent"), 16, "");
        request.route = said.getOrDefault("route", "");
        request.headerDeadlineWallNs = Annotation.time(said.get("hdr_deadline_ns"));
        request.contextDeadlineWallNs = Annotation.time(said.get("ctx_deadline_ns"));
    }

    private void call(OpenRequest request, Goroutine g, Map<String, String> said, Stack stack, long nowNs) {
        if (request.calls.size() >= RequestSegment.MAX_CALLS) {
            return;
        }
        boolean detached = "1".equals(said.get("detached"));
        if (g != null) {
            g.callSpan = Annotation.hex(said.get("span"), 16, "");
        }
        request.calls.add(new OutgoingCall(
                Annotation.hex(said.get("trace"), 32, ""),
                Annotation.hex(said.get("span"), 16, ""),
                said.getOrDefault("peer", ""),
                said.getOrDefault("route", ""),
                nowNs,
                0,
                Annotation.time(said.get("ctx_deadline_ns")),
                Annotation.time(said.get("hdr_deadline_ns")),
                detached,
                "",
                stack));
        request.changed = true;
    }

    private void callEnd(OpenRequest request, Goroutine g, Map<String, String> said, long nowNs) {
        String span = said.getOrDefault("span", "");
        if (g != null && g.callSpan.equals(span)) {
            g.callSpan = "";
        }
        for (int i = 0; i < request.calls.size(); i++) {
            OutgoingCall call = request.calls.get(i);
            if (call.endNs() == 0 && call.spanId().equals(span)) {
                request.calls.set(i, call.ended(nowNs, said.getOrDefault("error", "")));
                return;
            }
        }
    }

    private static void traceparent(OpenRequest request, String message) {
        String[] parts = message.split("-", 5);
        if (parts.length >= 4) {
            request.traceId = Annotation.hex(parts[1], 32, request.traceId);
            request.parentSpanId = Annotation.hex(parts[2], 16, request.parentSpanId);
        }
    }

    /** Datadog logs the span id as the 8 bytes of a little-endian integer, or as text in some versions. */
    private static String datadog(byte[] raw, String otherwise) {
        if (raw.length == Long.BYTES) {
            byte[] big = new byte[Long.BYTES];
            for (int i = 0; i < Long.BYTES; i++) {
                big[i] = raw[Long.BYTES - 1 - i];
            }
            return HexFormat.of().formatHex(big);
        }
        String text = new String(raw, StandardCharsets.UTF_8);
        return Annotation.hex(text, 16, otherwise);
    }
}
