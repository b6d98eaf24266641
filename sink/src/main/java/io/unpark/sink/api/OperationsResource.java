package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code /healthz}, {@code /readyz}, {@code /metrics}. */
final class OperationsResource {
    private final Map<String, Supplier<Optional<String>>> checks;
    private final PrometheusMeterRegistry metrics;

    /** @param checks by name: empty when fine, else what is wrong; they do not throw */
    OperationsResource(Map<String, Supplier<Optional<String>>> checks, PrometheusMeterRegistry metrics) {
        this.checks = new TreeMap<>(checks);
        this.metrics = metrics;
    }

    /** The process answers: that is all a liveness probe should know, a restart does not mend a database. */
    void health(Context context) {
        Answers.json(context, Answers.JSON.createObjectNode().put("status", "up"));
    }

    void ready(Context context) {
        ObjectNode body = Answers.JSON.createObjectNode();
        ObjectNode results = Answers.JSON.createObjectNode();
        boolean ready = true;
        for (var check : checks.entrySet()) {
            Optional<String> trouble = check.getValue().get();
            ready &= trouble.isEmpty();
            results.put(check.getKey(), trouble.orElse("ok"));
        }
        body.put("status", ready ? "ready" : "not ready");
        body.set("checks", results);
        context.status(ready ? 200 : 503);
        Answers.json(context, body);
    }

    void metrics(Context context) {
        context.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
    }
}
