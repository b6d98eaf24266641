package io.unpark.app;

import io.unpark.analysis.export.PerfettoExport;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.app.analyze.RequestShelf;
import io.unpark.app.console.RequestWaterfall;
import io.unpark.app.console.Terminal;
import io.unpark.app.console.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Prints requests instead of anomalies: {@code analyze --request} and {@code --format perfetto}. */
final class RequestPrinter {
    /** Requests in one Perfetto file: a browser holds it. */
    private static final int MAX_EXPORTED = 500;

    private static final int MAX_OFFERED = 5;

    private final PrintWriter out;

    RequestPrinter(PrintWriter out) {
        this.out = out;
    }

    /** @param asked an id or a part of it, "" for the longest requests */
    void print(RequestShelf shelf, String asked, boolean perfetto) {
        List<String> ids = asked.isEmpty() ? shelf.longest(MAX_EXPORTED) : List.of(only(shelf, asked));
        if (perfetto) {
            List<RequestSegment> segments = new ArrayList<>();
            ids.forEach(id -> segments.addAll(shelf.segments(id)));
            export(segments);
        } else {
            new RequestWaterfall(Terminal.columns(), shelf.segments(ids.get(0))).print(out);
        }
        out.flush();
    }

    private void export(List<RequestSegment> segments) {
        try {
            PerfettoExport.write(out, segments);
        } catch (IOException e) {
            throw new UncheckedIOException("a PrintWriter does not fail", e);
        }
    }

    private static String only(RequestShelf shelf, String asked) {
        List<String> matching = shelf.matching(asked);
        if (matching.size() == 1) {
            return matching.get(0);
        }
        List<String> offered = matching.isEmpty() ? shelf.longest(MAX_OFFERED) : matching;
        StringBuilder message = new StringBuilder(
                matching.isEmpty()
                        ? "there is no request " + asked + " among the " + shelf.size() + " in the input"
                        : matching.size() + " requests match " + asked);
        message.append(offered.isEmpty() ? "" : matching.isEmpty() ? "; the longest are" : "; such as");
        offered.stream().limit(MAX_OFFERED).forEach(id -> message.append("\n  ").append(shelf.describe(id)));
        throw UserError.usage(message.toString());
    }
}
