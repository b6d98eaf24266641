package io.unpark.ingest.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The documents of captures on demand. */
final class CaptureJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LISTED = 100;

    private CaptureJson() {}

    static void writeCommand(Context context, Optional<Command> command) {
        if (command.isEmpty()) {
            context.status(204);
            return;
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", command.get().id());
        body.put("action", "capture");
        body.put("seconds", command.get().seconds());
        body.put("reason", command.get().reason());
        write(context, body);
    }

    /** A problem document (RFC 9457) with {@code reason}, a word for programs. */
    static void writeProblem(Context context, CaptureRefusedException e) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", e.refusal().title());
        body.put("status", e.refusal().status());
        body.put("detail", e.getMessage());
        body.put("reason", e.refusal().key());
        if (!e.runningId().isEmpty()) {
            body.put("running", e.runningId());
        }
        if (!e.retryAfter().isZero()) {
            context.header("Retry-After", String.valueOf(e.retryAfter().toSeconds()));
        }
        context.status(e.refusal().status());
        context.contentType("application/problem+json").result(text(body));
    }

    static void write(Context context, Map<String, Object> body) {
        context.contentType("application/json").result(text(body));
    }

    static String path(CaptureReport report) {
        return "/ingest/v1/captures/" + report.id();
    }

    static Map<String, Object> list(List<CaptureReport> reports) {
        return Map.of(
                "items",
                reports.stream().limit(MAX_LISTED).map(CaptureJson::document).toList());
    }

    static Map<String, Object> document(CaptureReport report) {
        CaptureWish wish = report.wish();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", report.id());
        body.put("href", path(report));
        body.put("namespace", wish.namespace());
        body.put("service", wish.service());
        body.put("kind", wish.kind().key());
        body.put("seconds", wish.seconds());
        body.put("reason", wish.reason());
        body.put("asked_by", wish.askedBy().name().toLowerCase(Locale.ROOT));
        body.put("asked_at", time(report.askedUnixNs()));
        body.put("state", report.open() ? "open" : "done");
        body.put("asked", report.agents().size());
        body.put(
                "generations",
                report.agents().stream().mapToLong(ShareReport::generations).sum());
        body.put("bytes", report.agents().stream().mapToLong(ShareReport::bytes).sum());
        body.put("agents", report.agents().stream().map(CaptureJson::share).toList());
        return body;
    }

    private static Map<String, Object> share(ShareReport share) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("instance", share.instance());
        body.put("state", share.state().key());
        if (!share.detail().isEmpty()) {
            body.put("detail", share.detail());
        }
        body.put("generations", share.generations());
        body.put("bytes", share.bytes());
        if (!share.traceCapture().isEmpty()) {
            body.put("capture", share.traceCapture());
        }
        return body;
    }

    private static String time(long unixNs) {
        return Instant.ofEpochSecond(0, unixNs).toString();
    }

    private static String text(Map<String, Object> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
