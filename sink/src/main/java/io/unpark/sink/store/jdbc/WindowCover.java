package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.WindowRange;
import io.unpark.sink.store.WindowStep;
import java.util.List;

/**
 * The SQL of windows that cover a time, none of them twice: roll-ups where they are computed, and what lies below where they are
 * due. One statement, so that a minute that is computed meanwhile is in it once. What lies below is found from the few spans that
 * are due, not by asking of each window whether its span is.
 */
final class WindowCover {
    private static final long HOUR_NS = WindowStep.HOUR.lengthNs();

    private WindowCover() {}

    /** @param what "runtime" or "route" @param parameters gets the values of the question marks */
    static String sql(String what, WindowRange range, boolean newestFirst, List<Object> parameters) {
        String sql = switch (range.step()) {
            case RAW ->
                "SELECT w.end_ns AS t, w.document FROM " + what + "_windows w WHERE "
                        + within(range, "w", "w.end_ns", parameters);
            case MINUTE ->
                computed(what, WindowStep.MINUTE, range, parameters) + " UNION ALL " + raw(what, range, parameters);
            case HOUR ->
                computed(what, WindowStep.HOUR, range, parameters) + " UNION ALL "
                        + minutes(what, range, parameters) + " UNION ALL "
                        + raw(what, range, parameters)
                        // An hour that is computed is read as it is, though one of its minutes is due again.
                        + " AND NOT " + span(WindowStep.HOUR, "p.start_ns - MOD(p.start_ns, " + HOUR_NS + ")", false);
        };
        parameters.add(range.documentsMax() + 1);
        String order = newestFirst ? " ORDER BY c.t DESC" : "";
        return "SELECT c.document FROM (" + sql + ") c" + order + " FETCH FIRST ? ROWS ONLY";
    }

    private static String computed(String what, WindowStep step, WindowRange range, List<Object> parameters) {
        return "SELECT w.start_ns AS t, w.document FROM " + what + "_rollups w WHERE w.step_s = " + step.seconds()
                + " AND " + within(range, "w", "w.start_ns", parameters) + " AND NOT "
                + span(step, "w.start_ns", true);
    }

    /** Computed minutes of hours that are due. */
    private static String minutes(String what, WindowRange range, List<Object> parameters) {
        return "SELECT w.start_ns AS t, w.document FROM " + due(WindowStep.HOUR, what + "_rollups", "w.start_ns")
                + " AND w.step_s = " + WindowStep.MINUTE.seconds() + " AND "
                + within(range, "p", "p.start_ns", parameters)
                + " AND NOT " + span(WindowStep.MINUTE, "w.start_ns", true);
    }

    /** Windows as they came of minutes that are due. */
    private static String raw(String what, WindowRange range, List<Object> parameters) {
        return "SELECT w.end_ns AS t, w.document FROM " + due(WindowStep.MINUTE, what + "_windows", "w.end_ns")
                + " AND " + within(range, "p", "p.start_ns", parameters);
    }

    private static String due(WindowStep step, String table, String time) {
        return """
                rollup_spans p JOIN %s w ON w.service = p.service AND w.namespace = p.namespace
                    AND %s >= p.start_ns AND %s < p.start_ns + %d
                WHERE p.step_s = %d AND p.due AND NOT p.sealed""".formatted(table, time, time, step.lengthNs(), step.seconds());
    }

    private static String within(WindowRange range, String table, String time, List<Object> parameters) {
        parameters.add(range.service());
        range.namespace().ifPresent(parameters::add);
        parameters.add(range.sinceNs());
        parameters.add(range.untilNs());
        return table + ".service = ?" + (range.namespace().isPresent() ? " AND " + table + ".namespace = ?" : "")
                + " AND " + time + " >= ? AND " + time + " < ?";
    }

    /** Whether there is such a span of the window's service: one that is due, or one that is not. */
    private static String span(WindowStep step, String start, boolean due) {
        return """
                EXISTS (SELECT 1 FROM rollup_spans s WHERE s.step_s = %d AND s.start_ns = %s AND s.namespace = w.namespace
                    AND s.service = w.service AND %s (s.due AND NOT s.sealed))""".formatted(step.seconds(), start, due ? "" : "NOT");
    }
}
