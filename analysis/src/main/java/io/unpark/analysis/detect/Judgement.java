package io.unpark.analysis.detect;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import java.util.List;
import java.util.Map;

/**
 * What a detector says, before it is a finding with ids and a revision. Its fields are those of
 * {@link io.unpark.analysis.model.Finding}.
 *
 * @param identityRoute the route when it belongs to the kind's identity, else ""
 */
public record Judgement(
        Kind kind,
        Place place,
        String identityRoute,
        Severity severity,
        Confidence confidence,
        long count,
        long firstSeenNs,
        long lastSeenNs,
        long durationNs,
        String summary,
        Evidence evidence,
        List<CauseStep> cause,
        Advice advice) {

    /** Characters of text; what is longer would not fit the topic of findings, whose records are at most 512 KiB. */
    public static final int MAX_TEXT_CHARS = 150_000;

    public Judgement {
        cause = List.copyOf(cause);
    }

    /** Characters of its text: summary, evidence, chain and advice. */
    public long textChars() {
        long chars =
                summary.length() + advice.fix().length() + advice.nextTool().length();
        for (Map.Entry<String, Object> fact : evidence.values().entrySet()) {
            chars += fact.getKey().length() + chars(fact.getValue());
        }
        for (CauseStep step : cause) {
            chars += step.toString().length();
        }
        return chars;
    }

    private static long chars(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().mapToLong(Judgement::chars).sum();
        }
        return value instanceof String text ? text.length() : Long.BYTES;
    }

    /** What is the same for every judgement of a process kind: the generation's end is when it was seen. */
    static Advice advice(String fix, String nextTool, Kind kind) {
        return new Advice(fix, nextTool, "detectors/" + kind.id() + ".md");
    }
}
