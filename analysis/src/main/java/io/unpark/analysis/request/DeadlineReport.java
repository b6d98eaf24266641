package io.unpark.analysis.request;

import io.unpark.analysis.json.UtcTime;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.List;
import java.util.Optional;

/** Makes the findings about deadlines: what is the same in all of them. */
final class DeadlineReport {
    private static final int MAX_CHUNKS = 32;
    private static final String NEXT_TOOL = "Execution trace: open the slice of the request in go tool trace";
    private static final Frame NOWHERE = new Frame("", "", 0);

    private final RequestRules rules;
    private final long revision;

    DeadlineReport(RequestRules rules, long revision) {
        this.rules = rules;
        this.revision = revision;
    }

    /** What a detector says of a segment. */
    record Said(
            Kind kind,
            Frame line,
            Severity severity,
            Confidence confidence,
            long durationNs,
            String summary,
            Evidence evidence,
            List<CauseStep> cause,
            String fix) {}

    Finding finding(RequestSegment about, Said said) {
        Frame line = said.line();
        String anomalyId = Ids.anomaly(said.kind(), about.instance(), line.function(), "", about.route());
        return new Finding(
                Ids.finding(said.kind(), about.requestId(), anomalyId),
                anomalyId,
                said.kind(),
                about.requestId(),
                revision,
                false,
                about.instance(),
                about.input(),
                new Place(line.function(), line.file(), line.line(), "", about.route()),
                said.severity(),
                said.confidence(),
                1,
                about.startNs(),
                about.startNs(),
                said.durationNs(),
                said.summary(),
                said.evidence(),
                said.cause(),
                new Advice(said.fix(), NEXT_TOOL, "detectors/" + said.kind().id() + ".md"),
                about.chunks().stream().limit(MAX_CHUNKS).toList(),
                rules.configHash());
    }

    /** Service and route, as a sentence begins. */
    static String name(RequestSegment segment) {
        String service = segment.instance().service();
        return segment.route().isEmpty() ? service : service + " " + segment.route();
    }

    static Evidence.Builder evidence(RequestSegment about) {
        Evidence.Builder evidence = Evidence.builder()
                .put("request", about.requestId())
                .put("span", about.segmentId())
                .put("attribution", about.attribution().id())
                .put("duration_ns", DeadlineText.durationNs(about));
        if (about.startTruncated() || about.endTruncated()) {
            evidence.put("truncated", true);
        }
        return evidence;
    }

    static String time(long unixNs) {
        return unixNs > 0 ? UtcTime.text(unixNs) : "none";
    }

    /** The user's line; where the whole stack is libraries, its innermost frame is better than nothing. */
    Frame line(Stack stack) {
        Optional<Frame> line = rules.userCode().line(stack);
        return line.or(() -> stack.frames().stream().findFirst()).orElse(NOWHERE);
    }

    Frame handler(RequestSegment segment) {
        return line(segment.handler());
    }

    static CauseStep step(RequestSegment at, String what, String reason, Frame line, long durationNs) {
        return new CauseStep(
                at.instance().service(),
                at.route(),
                what,
                reason,
                line.function(),
                line.file(),
                line.line(),
                Math.max(0, durationNs));
    }
}
