package io.unpark.app.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Anomalies for people: one line of columns each (severity, kind, service, line, count), below it the sentence and the advice,
 * wrapped to the terminal's width.
 */
public final class AnomalyTable {
    private static final String[] TITLES = {"SEVERITY", "KIND", "SERVICE", "LINE", "COUNT"};
    private static final int LINE_COLUMN = 3;
    private static final String GAP = "  ";
    private static final String INDENT = "    ";

    private final int columns;

    public AnomalyTable(int columns) {
        this.columns = columns;
    }

    /** Prints in the order given. */
    public void print(List<AnomalyLine> anomalies, PrintWriter out) {
        List<String[]> rows = new ArrayList<>();
        rows.add(TITLES);
        anomalies.forEach(anomaly -> rows.add(cells(anomaly)));
        int[] widths = widths(rows);
        out.println(line(TITLES, widths));
        for (int i = 0; i < anomalies.size(); i++) {
            out.println(line(rows.get(i + 1), widths));
            AnomalyLine anomaly = anomalies.get(i);
            paragraph("", anomaly.summary(), out);
            paragraph("Fix: ", anomaly.fix(), out);
        }
    }

    private static String[] cells(AnomalyLine anomaly) {
        return new String[] {
            anomaly.severity(),
            anomaly.kind(),
            visible(anomaly.service()),
            visible(where(anomaly)),
            Long.toString(anomaly.count())
        };
    }

    /** The last two parts of a path are enough to know the file; the whole path is in the JSON. */
    private static String where(AnomalyLine place) {
        if (place.file().isEmpty()) {
            return place.site().isEmpty() ? "-" : place.site();
        }
        String[] parts = place.file().split("[/\\\\]");
        String file = parts.length < 2 || parts[parts.length - 2].isEmpty()
                ? parts[parts.length - 1]
                : parts[parts.length - 2] + "/" + parts[parts.length - 1];
        return place.line() > 0 ? file + ":" + place.line() : file;
    }

    private int[] widths(List<String[]> rows) {
        int[] widths = new int[TITLES.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        int total = GAP.length() * (TITLES.length - 1);
        for (int width : widths) {
            total += width;
        }
        widths[LINE_COLUMN] = Math.max(12, widths[LINE_COLUMN] - Math.max(0, total - columns));
        return widths;
    }

    private static String line(String[] cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            boolean last = i == cells.length - 1;
            String cell = i == LINE_COLUMN ? tail(cells[i], widths[i]) : cells[i];
            String pad = " ".repeat(Math.max(0, widths[i] - cell.length()));
            line.append(last ? pad + cell : cell + pad + GAP);
        }
        return line.toString();
    }

    /** The end of a place tells more than its beginning. */
    private static String tail(String text, int width) {
        return text.length() <= width ? text : "…" + text.substring(text.length() - width + 1);
    }

    private void paragraph(String label, String text, PrintWriter out) {
        if (text.isBlank()) {
            return;
        }
        StringBuilder line = new StringBuilder(INDENT);
        for (String word : visible(label + text).split(" +")) {
            boolean full = line.length() > INDENT.length() && line.length() + word.length() > columns;
            if (full) {
                out.println(line.toString().stripTrailing());
                line.setLength(0);
                line.append(INDENT);
            }
            line.append(word).append(' ');
        }
        out.println(line.toString().stripTrailing());
    }

    /** Names come from input: no control character may reach the terminal. */
    private static String visible(String text) {
        return text.replaceAll("\\p{Cntrl}", "�");
    }
}
