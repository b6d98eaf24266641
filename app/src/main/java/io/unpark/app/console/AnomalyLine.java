package io.unpark.app.console;

import io.unpark.analysis.model.Anomaly;

/** What of an anomaly is shown to people; absent parts are "", an unknown line is 0. */
public record AnomalyLine(
        String severity,
        String kind,
        String service,
        String site,
        String file,
        int line,
        long count,
        String summary,
        String fix) {
    public static AnomalyLine of(Anomaly it) {
        return new AnomalyLine(
                it.severity().id(),
                it.kind().id(),
                it.instance().service(),
                it.place().site(),
                it.place().file(),
                it.place().line(),
                it.count(),
                it.summary(),
                it.advice().fix());
    }
}
