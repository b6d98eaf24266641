package io.unpark.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refusal as RFC 9457 describes it, with two members of ours: {@code reason}, a word for programs, and {@code accepted}, what of the
 * push was accepted all the same.
 */
record Problem(Refusal refusal, String detail, Map<String, Object> accepted) {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RETRY_SOON_SECONDS = 1;
    private static final int RETRY_LATER_SECONDS = 5;

    void write(Context context) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", refusal.title());
        body.put("status", refusal.status());
        body.put("detail", detail);
        body.put("reason", refusal.key());
        if (!accepted.isEmpty()) {
            body.put("accepted", accepted);
        }
        if (refusal == Refusal.TOO_MANY_PUSHES) {
            context.header("Retry-After", String.valueOf(RETRY_SOON_SECONDS));
        } else if (refusal == Refusal.BROKER_AWAY) {
            context.header("Retry-After", String.valueOf(RETRY_LATER_SECONDS));
        }
        context.status(refusal.status()).contentType(MEDIA_TYPE).result(json(body));
    }

    static String json(Map<String, Object> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
