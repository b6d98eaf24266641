package io.unpark.ingest.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request that is not let in, as RFC 9457 says it, with the member {@code reason}, a word for programs. */
final class RefusedRequest extends Exception {
    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TRIES_RETRY_SECONDS = 30;

    private final int status;
    private final String title;
    private final String reason;
    private final boolean drains;
    private final transient Map<String, String> headers;
    private final String login;

    private RefusedRequest(
            int status, String title, String reason, String detail, boolean drains, Map<String, String> headers) {
        this(status, title, reason, detail, drains, headers, "");
    }

    private RefusedRequest(
            int status,
            String title,
            String reason,
            String detail,
            boolean drains,
            Map<String, String> headers,
            String login) {
        super(detail, null, false, false);
        this.status = status;
        this.title = title;
        this.reason = reason;
        this.drains = drains;
        this.headers = headers;
        this.login = login;
    }

    /** @param mayBeABrowser which asks for the token when it is told that Basic would do */
    static RefusedRequest unauthorised(String detail, boolean mayBeABrowser) {
        String challenge = (mayBeABrowser ? "Basic realm=\"unpark: the token is the password\", " : "")
                + "Bearer realm=\"unpark\"";
        return new RefusedRequest(
                401, "Who are you?", "unauthorised", detail, true, Map.of("WWW-Authenticate", challenge));
    }

    /** Without Basic: the browser would ask for a password, where its page can send people to the issuer. */
    static RefusedRequest logIn(String detail, String login) {
        return new RefusedRequest(
                401,
                "Who are you?",
                "unauthorised",
                detail,
                true,
                Map.of("WWW-Authenticate", "Bearer realm=\"unpark\""),
                login);
    }

    static RefusedRequest issuerAway() {
        return new RefusedRequest(
                503,
                "The issuer is away",
                "issuer_away",
                "the issuer that knows who you are does not answer; try again",
                true,
                Map.of("Retry-After", "5"));
    }

    static RefusedRequest forbidden(String detail) {
        return new RefusedRequest(403, "Not allowed", "forbidden", detail, true, Map.of());
    }

    static RefusedRequest tooManyTries() {
        return new RefusedRequest(
                429,
                "Too many wrong tokens",
                "too_many_wrong_tokens",
                "this address sent too many tokens that are not known",
                false,
                Map.of("Retry-After", String.valueOf(TRIES_RETRY_SECONDS)));
    }

    static RefusedRequest tooMuch(Clients.Verdict verdict) {
        return new RefusedRequest(
                429,
                "Too much at once",
                "client_limit",
                verdict.why(),
                true,
                Map.of("Retry-After", String.valueOf(verdict.retryAfterSeconds())));
    }

    String reason() {
        return reason;
    }

    /** Whether the body is read for a moment, so that the client gets to read this. */
    boolean drains() {
        return drains;
    }

    void write(Context context) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", title);
        body.put("status", status);
        body.put("detail", getMessage());
        body.put("reason", reason);
        if (!login.isEmpty()) {
            body.put("login", login);
        }
        headers.forEach(context::header);
        try {
            context.status(status).contentType("application/problem+json").result(JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
