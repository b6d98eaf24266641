package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.WindowRange;
import io.unpark.sink.store.WindowStep;
import java.util.List;

/**
 * The SQL of windows that cover a time, none of them twice: roll-ups where they are computed, and what lies below where they are
 * due. One statement, so that a minute that is computed meanwhile is in it once.
 */
final class WindowCover {
    private static final long MINUTE_NS = WindowStep.MINUTE.lengthNs();
    private static final long HOUR_NS = WindowStep.HOUR.lengthNs();

    private WindowCover() {}

    /** @param what "runtime" or "route" @param parameters gets the values of the question marks */
    static String sql(String what, WindowRange range, List<Object> parameters) {
        String rawMinute = floor("w.end_ns", MINUTE_NS);
        String rawHour = floor("w.end_ns", HOUR_NS);
        String hour = floor("w.start_ns", HOUR_NS);
        String sql = switch (range.step()) {
            case RAW -> raw(what, range, parameters);
            case MINUTE ->
                rolledUp(what, WindowStep.MINUTE, range, parameters)
                        + " AND NOT " + span(WindowStep.MINUTE, "w.start_ns", true)
                        + " UNION ALL " + raw(what, range, parameters)
                        + " AND " + span(WindowStep.MINUTE, rawMinute, true);
            case HOUR ->
                rolledUp(what, WindowStep.HOUR, range, parameters)
                        + " AND NOT " + span(WindowStep.HOUR, "w.start_ns", true)
                        + " UNION ALL " + rolledUp(what, WindowStep.MINUTE, range, parameters)
                        + " AND NOT " + span(WindowStep.MINUTE, "w.start_ns", true)
                        + " AND " + span(WindowStep.HOUR, hour, true)
                        + " UNION ALL " + raw(what, range, parameters)
                        + " AND " + span(WindowStep.MINUTE, rawMinute, true)
                        // An hour that is computed is read as it is, though one of its minutes is due again.
                        + " AND NOT " + span(WindowStep.HOUR, rawHour, false);
        };
        parameters.add(range.documentsMax() + 1);
        return "SELECT c.t, c.document FROM (" + sql + ") c ORDER BY c.t DESC FETCH FIRST ? ROWS ONLY";
    }

    private static String raw(String what, WindowRange range, List<Object> parameters) {
        return "SELECT w.end_ns AS t, w.document FROM " + what + "_windows w WHERE "
                + within(range, "w.end_ns", parameters);
    }

    private static String rolledUp(String what, WindowStep step, WindowRange range, List<Object> parameters) {
        return "SELECT w.start_ns AS t, w.document FROM " + what + "_rollups w WHERE w.step_s = " + step.seconds()
                + " AND " + within(range, "w.start_ns", parameters);
    }

    private static String within(WindowRange range, String column, List<Object> parameters) {
        parameters.add(range.service());
        range.namespace().ifPresent(parameters::add);
        parameters.add(range.sinceNs());
        parameters.add(range.untilNs());
        return "w.service = ?" + (range.namespace().isPresent() ? " AND w.namespace = ?" : "") + " AND " + column
                + " >= ? AND " + column + " < ?";
    }

    /** Whether there is such a span of the window's service: one that is due, or one that is not. */
    private static String span(WindowStep step, String start, boolean due) {
        return """
                EXISTS (SELECT 1 FROM rollup_spans p WHERE p.step_s = %d AND p.start_ns = %s AND p.namespace = w.namespace
                    AND p.service = w.service AND %s (p.due AND NOT p.sealed))""".formatted(step.seconds(), start, due ? "" : "NOT");
    }

    /** As {@link WindowStep#startNs} has it. */
    private static String floor(String column, long lengthNs) {
        return column + " - MOD(" + column + ", " + lengthNs + ")";
    }
}
