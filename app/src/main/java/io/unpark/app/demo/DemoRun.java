package io.unpark.app.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.app.allinone.AllInOne;
import io.unpark.app.console.AnomalyLine;
import io.unpark.app.console.UserError;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Waiting for the end, and what is shown then. */
public final class DemoRun {
    private static final List<String> SEVERITIES = List.of("critical", "warning", "info");
    private static final Comparator<AnomalyLine> ORDER = Comparator.<AnomalyLine>comparingInt(
                    line -> SEVERITIES.indexOf(line.severity()))
            .thenComparing(AnomalyLine::kind)
            .thenComparing(AnomalyLine::service)
            .thenComparing(AnomalyLine::file)
            .thenComparingInt(AnomalyLine::line);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private DemoRun() {}

    /**
     * Waits until all that was sent is in the database.
     *
     * @param stopped asked in between; then this returns early
     * @throws UserError when it takes longer than {@code limit}
     */
    public static void awaitProcessed(AllInOne all, Duration limit, BooleanSupplier stopped)
            throws InterruptedException {
        long beganNs = System.nanoTime();
        while (!stopped.getAsBoolean() && !all.awaitProcessed(LOOK_EVERY)) {
            if (System.nanoTime() - beganNs > limit.toNanos()) {
                throw UserError.environment("the pipeline did not come to an end within " + limit.toSeconds()
                        + " s; UNPARK_LOG=info shows what it is at");
            }
        }
    }

    /** What is in the database, save what is only possible; the worst first. */
    public static List<AnomalyLine> anomalies(AllInOne all) {
        ObjectMapper json = new ObjectMapper();
        return all.anomalies(false).stream()
                .map(document -> line(json, document))
                .sorted(ORDER)
                .toList();
    }

    private static AnomalyLine line(ObjectMapper json, String document) {
        try {
            return AnomalyLine.of(json.readTree(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the sink stored what is no JSON", e);
        }
    }
}
