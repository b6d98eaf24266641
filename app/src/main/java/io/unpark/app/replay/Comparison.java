package io.unpark.app.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How two runs differ, by the equality that runs over the same input promise: id, kind, place, severity, confidence, count, first
 * and last seen, evidence. What is derived (state), said in words (summary, advice) or told of the input is left out.
 *
 * @param changes gone first, then new, then changed; each the worst first
 * @param same how many are equal
 */
public record Comparison(List<Change> changes, int same) {
    private static final List<String> FIELDS = List.of(
            "kind",
            "service",
            "site",
            "file",
            "line",
            "creation_site",
            "route",
            "severity",
            "confidence",
            "count",
            "first_seen",
            "last_seen");

    /** What became of an anomaly. */
    public enum What {
        GONE,
        NEW,
        CHANGED
    }

    /**
     * One anomaly.
     *
     * @param before null when it is new
     * @param after null when it is gone
     * @param fields that differ, by name ({@code count}, {@code evidence.rule}); empty unless it changed
     */
    public record Change(What what, AnomalyDocument before, AnomalyDocument after, List<Field> fields) {
        /** The newer of the two. */
        public AnomalyDocument shown() {
            return after == null ? before : after;
        }
    }

    /** One that differs; a missing node where it is not there. */
    public record Field(String name, JsonNode before, JsonNode after) {}

    /** Compares by id. */
    public static Comparison of(Map<String, AnomalyDocument> before, Map<String, AnomalyDocument> after) {
        List<Change> changes = new ArrayList<>();
        int same = 0;
        TreeSet<String> ids = new TreeSet<>(before.keySet());
        ids.addAll(after.keySet());
        for (String id : ids) {
            AnomalyDocument was = before.get(id);
            AnomalyDocument is = after.get(id);
            List<Field> fields = was == null || is == null ? List.of() : fields(was.json(), is.json());
            if (was == null || is == null) {
                changes.add(new Change(is == null ? What.GONE : What.NEW, was, is, List.of()));
            } else if (fields.isEmpty()) {
                same++;
            } else {
                changes.add(new Change(What.CHANGED, was, is, fields));
            }
        }
        changes.sort(Comparator.comparing(Change::what).thenComparing(Change::shown, AnomalyDocument.ORDER));
        return new Comparison(List.copyOf(changes), same);
    }

    private static List<Field> fields(JsonNode before, JsonNode after) {
        List<Field> differing = new ArrayList<>();
        for (String name : FIELDS) {
            add(differing, name, before.path(name), after.path(name));
        }
        TreeSet<String> facts = new TreeSet<>();
        before.path("evidence").fieldNames().forEachRemaining(facts::add);
        after.path("evidence").fieldNames().forEachRemaining(facts::add);
        for (String fact : facts) {
            add(
                    differing,
                    "evidence." + fact,
                    before.path("evidence").path(fact),
                    after.path("evidence").path(fact));
        }
        return differing;
    }

    /** Texts decide: the same number is an int or a long depending on who read it. */
    private static void add(List<Field> to, String name, JsonNode before, JsonNode after) {
        if (!before.toString().equals(after.toString()) || before.isMissingNode() != after.isMissingNode()) {
            to.add(new Field(name, before, after));
        }
    }

    /** How many of a kind. */
    public long count(What what) {
        return changes.stream().filter(change -> change.what() == what).count();
    }
}
