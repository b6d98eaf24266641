package io.unpark.analysis.instance;

import io.unpark.analysis.instance.OpenRequest.Source;
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

    private final RequestTracker tracker;
    private final LateWatch late;
    final LongMap<OpenRequest> byTask = new LongMap<>();

    RequestAnnotations(RequestTracker tracker, LateWatch late) {
        this.tracker = tracker;
        this.late = late;
    }

    void taskBegin(Goroutine g, long task, long parent, String type, long nowNs) {
        boolean ours = REQUEST_TASK.equals(type);
        OpenRequest request = g.request;
        if (request == null) {
            boolean child = parent > 0 && byTask.get(parent) != null;
            if (child) {
                return;
            }
            request = tracker.open(g, ours ? Source.ANNOTATED : Source.TASK, nowNs);
            if (request == null) {
                return;
            }
        } else if (request.task != 0 || !RequestTracker.isMain(g, request)) {
            return; // a task within a request: a client's span, or a part of the work
        } else {
            tracker.restart(request, ours ? Source.ANNOTATED : Source.TASK, nowNs);
        }
        request.confirmed = true;
        request.task = task;
        request.route = ours ? "" : type;
        byTask.put(task, request);
    }

    void taskEnd(Goroutine g, long task, LongMap<Goroutine> goroutines, long nowNs) {
        OpenRequest request = byTask.remove(task);
        if (request == null || request.ended()) {
            return;
        }
        Goroutine main = g != null && g.id == request.mainGoroutine ? g : goroutines.get(request.mainGoroutine);
        if (main != null && main.request == request) {
            tracker.end(request, main, nowNs);
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
            request = g.request;
        }
        if (request == null) {
            return;
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
            case "traceparent" -> traceparent(request, message);
            case "trace_id", "otel.trace_id" -> request.traceId = Annotation.hex(message, 32, request.traceId);
            case "span_id", "otel.span_id" -> request.spanId = Annotation.hex(message, 16, request.spanId);
            case "datadog.uint64_span_id" -> request.spanId = datadog(raw, request.spanId);
            case "deadline_unix_ms" -> request.contextDeadlineWallNs = Annotation.timeMs(message);
            default -> {
                // somebody's own log: nothing about requests
            }
        }
    }

    private static void request(OpenRequest request, Map<String, String> said) {
        request.source = Source.ANNOTATED;
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
