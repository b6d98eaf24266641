package io.unpark.sink.api;

import io.javalin.http.Context;
import io.unpark.sink.store.AnomalyQueries;
import io.unpark.sink.store.SliceLookup;
import io.unpark.sink.store.SliceStore;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.TraceSlice;
import java.util.function.Supplier;

/** {@code /api/v1/anomalies/{id}/trace}: a file that {@code go tool trace} opens. */
final class TraceResource {
    private static final int NAME_CHARS_MAX = 60;

    private final AnomalyQueries anomalies;
    private final SliceStore slices;
    private final Supplier<StateRule> rule;

    TraceResource(AnomalyQueries anomalies, SliceStore slices, Supplier<StateRule> rule) {
        this.anomalies = anomalies;
        this.slices = slices;
        this.rule = rule;
    }

    void get(Context context) {
        String id = context.pathParam("id");
        String document = anomalies
                .find(id, rule.get())
                .orElseThrow(() -> AnomaliesResource.unknown(id))
                .document();
        SliceLookup found = slices.find(id)
                .orElseThrow(() -> ProblemException.notFound(
                        "No execution trace lies behind this anomaly, so there is no slice of one."));
        switch (found.state()) {
            case READY -> send(context, fileName(document, id), found.slice().orElseThrow());
            case PENDING -> {
                context.header("Retry-After", "2");
                throw ProblemException.notFound("The slice is being copied; try again in a moment.");
            }
            case GONE -> throw ProblemException.gone("There is no slice any more: " + found.reason() + ".");
        }
    }

    private static void send(Context context, String fileName, TraceSlice slice) {
        context.header("Content-Disposition", "attachment; filename=\"" + fileName + "\"");
        context.header("Unpark-Generations", slice.firstGeneration() + "-" + slice.lastGeneration());
        context.header("Cache-Control", "no-store");
        context.contentType("application/octet-stream").result(slice.bytes());
    }

    /** From names of users: only harmless characters of them. */
    private static String fileName(String document, String id) {
        var item = Answers.parse(document);
        String name = item.path("service").asText() + "-" + item.path("kind").asText() + "-" + id;
        String harmless = name.replaceAll("[^A-Za-z0-9_.-]+", "_").replaceAll("^[.]+", "_");
        return harmless.substring(0, Math.min(NAME_CHARS_MAX, harmless.length())) + ".trace";
    }
}
