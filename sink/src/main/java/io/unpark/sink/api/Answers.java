package io.unpark.sink.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.unpark.sink.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How answers are written: JSON, and problem documents for whatever goes wrong. */
final class Answers {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final String RETRY_AFTER_S = "5";

    private Answers() {}

    static void json(Context context, JsonNode body) {
        context.header("Cache-Control", "no-store");
        context.contentType("application/json").result(body.toString());
    }

    /** A stored document, to be added to. */
    static ObjectNode parse(String document) {
        try {
            return (ObjectNode) JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document is not JSON", e);
        }
    }

    /** The handler, with problem documents for its exceptions; on a shared server no other handler is touched. */
    static Handler guarded(Handler handler) {
        return context -> handle(context, handler);
    }

    /** As {@link #guarded}, at once. */
    static void handle(Context context, Handler handler) {
        try {
            handler.handle(context);
        } catch (ProblemException e) {
            problem(context, e);
        } catch (StoreException e) {
            LOG.warn("{} {}: {}", context.method(), context.path(), e.toString());
            context.header("Retry-After", RETRY_AFTER_S);
            problem(context, ProblemException.unavailable("The database does not answer; try again."));
        } catch (Exception e) {
            LOG.error("{} {} failed", context.method(), context.path(), e);
            problem(context, ProblemException.internal());
        }
    }

    private static void problem(Context context, ProblemException problem) {
        context.status(problem.status());
        context.header("Cache-Control", "no-store");
        context.contentType("application/problem+json")
                .result(JSON.valueToTree(problem.document()).toString());
    }
}
