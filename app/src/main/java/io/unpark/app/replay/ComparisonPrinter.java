package io.unpark.app.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.app.console.AnomalyLine;
import io.unpark.app.replay.Comparison.Change;
import io.unpark.app.replay.Comparison.Field;
import io.unpark.app.replay.Comparison.What;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints how two runs differ: for people, or one JSON object a line. */
public final class ComparisonPrinter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int columns;

    /** @param columns to cut values at */
    public ComparisonPrinter(int columns) {
        this.columns = columns;
    }

    /** A line for each anomaly that differs, below it the fields; then the numbers. */
    public void table(Comparison comparison, PrintWriter out) {
        for (Change change : comparison.changes()) {
            AnomalyLine line = change.shown().line();
            out.println(visible(String.format(
                    Locale.ROOT,
                    "%-7s  %-8s  %-23s  %s  %s  count %d",
                    name(change.what()),
                    line.severity(),
                    line.kind(),
                    line.service(),
                    where(line),
                    line.count())));
            if (change.fields().isEmpty()) {
                out.println("    " + cut(visible(line.summary()), columns - 4));
            }
            change.fields().forEach(field -> print(field, out));
        }
        out.println(String.format(
                Locale.ROOT,
                "%d gone, %d new, %d changed, %d the same.",
                comparison.count(What.GONE),
                comparison.count(What.NEW),
                comparison.count(What.CHANGED),
                comparison.same()));
    }

    private static String where(AnomalyLine line) {
        if (line.file().isEmpty()) {
            return line.site().isEmpty() ? "-" : line.site();
        }
        return line.line() > 0 ? line.file() + ":" + line.line() : line.file();
    }

    private void print(Field field, PrintWriter out) {
        String name = "    " + visible(field.name()) + ": ";
        int each = Math.max(20, (columns - name.length() - 4) / 2);
        out.println(name + cut(text(field.before()), each) + " -> " + cut(text(field.after()), each));
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() ? "-" : visible(value.isTextual() ? value.asText() : value.toString());
    }

    private static String cut(String text, int columns) {
        return text.length() <= columns ? text : text.substring(0, columns - 1) + "…";
    }

    private static String visible(String text) {
        return text.replaceAll("\\p{Cntrl}", "�");
    }

    private static String name(What what) {
        return what.name().toLowerCase(Locale.ROOT);
    }

    /** An object for each anomaly that differs: {@code change}, {@code id}, {@code fields}, {@code before}, {@code after}. */
    public void jsonLines(Comparison comparison, PrintWriter out) {
        for (Change change : comparison.changes()) {
            ObjectNode json = JSON.createObjectNode()
                    .put("change", name(change.what()))
                    .put("id", change.shown().id());
            ArrayNode fields = json.putArray("fields");
            for (Field field : change.fields()) {
                ObjectNode entry = fields.addObject().put("field", field.name());
                entry.set("before", present(field.before()));
                entry.set("after", present(field.after()));
            }
            json.set(
                    "before",
                    change.before() == null ? JSON.nullNode() : change.before().json());
            json.set(
                    "after",
                    change.after() == null ? JSON.nullNode() : change.after().json());
            out.println(json);
        }
    }

    private static JsonNode present(JsonNode value) {
        return value.isMissingNode() ? JSON.nullNode() : value;
    }
}
