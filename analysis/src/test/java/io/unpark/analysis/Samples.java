package io.unpark.analysis;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.List;

/** Findings and stacks for tests. */
public final class Samples {
    private Samples() {}

    public static Instance instance(String name) {
        return new Instance("shop", "orders", name, "v1");
    }

    /** A stack of {@code function file:line}, innermost first. */
    public static Stack stack(String... frames) {
        List<Frame> list = new ArrayList<>();
        for (String frame : frames) {
            String[] parts = frame.split(" ");
            int colon = parts[1].lastIndexOf(':');
            list.add(
                    new Frame(parts[0], parts[1].substring(0, colon), Integer.parseInt(parts[1].substring(colon + 1))));
        }
        return new Stack(list);
    }

    /** A leak whose every number follows from its arguments. */
    public static Finding leak(String subject, long revision, String instance, Severity severity, long size) {
        Place place = new Place("main.handler.func1", "/src/main.go", 42, "main.handler", "");
        String anomalyId = Ids.anomaly(Kind.GOROUTINE_LEAK, instance(instance), place.site(), place.creationSite(), "");
        return new Finding(
                Ids.finding(Kind.GOROUTINE_LEAK, subject, anomalyId),
                anomalyId,
                Kind.GOROUTINE_LEAK,
                subject,
                revision,
                false,
                instance(instance),
                "orders.trace",
                place,
                severity,
                Confidence.CERTAIN,
                size,
                1_000 - size,
                2_000 + size,
                size * 10,
                size + " goroutines stand stuck",
                Evidence.builder()
                        .put("alive", size)
                        .put("stack", List.of("main.handler.func1 /src/main.go:42"))
                        .build(),
                List.of(new CauseStep("orders", "GET /a", "waits", "chan send", "main.f", "/src/main.go", 42, size)),
                new Advice("buffer of one", "goroutine profile", "detectors/goroutine_leak.md"),
                List.of(new ChunkRef("go-trace-chunks", 3, 77, "c1", size)),
                "cfg");
    }
}
