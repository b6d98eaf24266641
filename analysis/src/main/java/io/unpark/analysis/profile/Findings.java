package io.unpark.analysis.profile;

import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;

/** Findings with some of their fields changed. */
final class Findings {
    private Findings() {}

    static Finding copy(Finding it, String findingId, String anomalyId, Place place) {
        return new Finding(
                findingId,
                anomalyId,
                it.kind(),
                it.subject(),
                it.revision(),
                it.withdrawn(),
                it.instance(),
                it.input(),
                place,
                it.severity(),
                it.confidence(),
                it.count(),
                it.firstSeenNs(),
                it.lastSeenNs(),
                it.durationNs(),
                it.summary(),
                it.evidence(),
                it.cause(),
                it.advice(),
                it.chunks(),
                it.configHash());
    }

    static Finding with(Finding it, Severity severity, Confidence confidence, String summary, Evidence evidence) {
        return new Finding(
                it.findingId(),
                it.anomalyId(),
                it.kind(),
                it.subject(),
                it.revision(),
                it.withdrawn(),
                it.instance(),
                it.input(),
                it.place(),
                severity,
                confidence,
                it.count(),
                it.firstSeenNs(),
                it.lastSeenNs(),
                it.durationNs(),
                summary,
                evidence,
                it.cause(),
                it.advice(),
                it.chunks(),
                it.configHash());
    }

    /** As {@link Finding#spanning}, where a time of 0 is none. */
    static Finding spanning(Finding it, Finding a, Finding b, long revision, long count) {
        Finding first = a.firstSeenNs() == 0 ? b : a;
        Finding second = b.firstSeenNs() == 0 ? a : b;
        return it.spanning(first, second, revision, count);
    }

    static Finding at(Finding it, long revision) {
        return it.revision() == revision ? it : it.spanning(it, it, revision, it.count());
    }
}
