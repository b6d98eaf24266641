package io.unpark.sink.api;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An answer that is an RFC 9457 problem document. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, Object> document;

    private ProblemException(int status, String title, String detail, Map<String, Object> more) {
        super(detail);
        this.status = status;
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "about:blank");
        members.put("title", title);
        members.put("status", status);
        members.put("detail", detail);
        members.putAll(more);
        this.document = members;
    }

    static ProblemException badParameter(String parameter, String detail) {
        return new ProblemException(400, "Bad Request", detail, Map.of("parameter", parameter));
    }

    static ProblemException badParameter(String parameter, String given, Collection<String> allowed) {
        return new ProblemException(
                400,
                "Bad Request",
                parameter + " is '" + given + "', but must be one of " + String.join(", ", allowed),
                Map.of("parameter", parameter, "allowed", List.copyOf(allowed)));
    }

    static ProblemException notFound(String detail) {
        return new ProblemException(404, "Not Found", detail, Map.of());
    }

    static ProblemException gone(String detail) {
        return new ProblemException(410, "Gone", detail, Map.of());
    }

    static ProblemException unavailable(String detail) {
        return new ProblemException(503, "Service Unavailable", detail, Map.of());
    }

    static ProblemException internal() {
        return new ProblemException(500, "Internal Server Error", "A fault of Unpark; its log says more.", Map.of());
    }

    int status() {
        return status;
    }

    Map<String, Object> document() {
        return document;
    }
}
