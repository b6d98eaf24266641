package io.unpark.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is wrong with a document in Chrome's trace event format, which Perfetto opens: by the schema {@code
 * trace-event.schema.json}, and by what a schema cannot say.
 */
public final class TraceEventFormat {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PROBLEMS_MAX = 20;

    private final List<String> problems = new ArrayList<>();

    private TraceEventFormat() {}

    /** The first problems, in words; none when all is well. */
    public static List<String> problems(String document) {
        TraceEventFormat check = new TraceEventFormat();
        try {
            check.all(JSON.readTree(document));
        } catch (IOException e) {
            check.problems.add("it is not JSON: " + e.getMessage());
        }
        return List.copyOf(check.problems.subList(0, Math.min(PROBLEMS_MAX, check.problems.size())));
    }

    private void all(JsonNode document) {
        schema(document);
        Map<String, List<JsonNode>> threads = new TreeMap<>();
        Map<String, List<JsonNode>> flows = new TreeMap<>();
        Map<String, Integer> open = new TreeMap<>();
        for (JsonNode event : document.path("traceEvents")) {
            String thread = event.path("pid") + "/" + event.path("tid");
            String id = event.path("cat") + " " + event.path("id");
            switch (event.path("ph").asText()) {
                case "X" ->
                    threads.computeIfAbsent(thread, it -> new ArrayList<>()).add(event);
                case "s", "f" ->
                    flows.computeIfAbsent(id, it -> new ArrayList<>()).add(event);
                case "B" -> count(open, "thread " + thread, 1);
                case "E" -> count(open, "thread " + thread, -1);
                case "b" -> count(open, "process " + event.path("pid") + " " + id, 1);
                case "e" -> count(open, "process " + event.path("pid") + " " + id, -1);
                default -> {}
            }
        }
        open.forEach((what, count) -> {
            if (count != 0) {
                problems.add(what + ": " + count + " more begin than end");
            }
        });
        threads.forEach(this::nesting);
        flows.forEach((id, ends) -> flow(id, ends, threads));
    }

    private void schema(JsonNode document) {
        try (InputStream schema = TraceEventFormat.class.getResourceAsStream("trace-event.schema.json")) {
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema)
                    .validate(document)
                    .forEach(error -> problems.add(error.getInstanceLocation() + " " + error.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("a resource does not fail", e);
        }
    }

    private void count(Map<String, Integer> open, String what, int more) {
        if (open.merge(what, more, Integer::sum) < 0) {
            problems.add(what + ": it ends before it begins");
        }
    }

    private static double start(JsonNode event) {
        return event.path("ts").asDouble();
    }

    private static double end(JsonNode event) {
        return start(event) + event.path("dur").asDouble();
    }

    /** Slices of a thread lie within each other or beside each other: Perfetto drops those that overlap. */
    private void nesting(String thread, List<JsonNode> slices) {
        slices.sort(Comparator.comparingDouble(TraceEventFormat::start)
                .thenComparing(Comparator.comparingDouble(TraceEventFormat::end).reversed()));
        Deque<JsonNode> open = new ArrayDeque<>();
        for (JsonNode slice : slices) {
            while (!open.isEmpty() && end(open.peek()) <= start(slice) + EPSILON) {
                open.pop();
            }
            if (!open.isEmpty() && end(slice) > end(open.peek()) + EPSILON) {
                problems.add("thread " + thread + ": " + open.peek().path("name") + " at " + start(open.peek())
                        + " ends within " + slice.path("name") + " at " + start(slice));
            }
            open.push(slice);
        }
    }

    /** Less than a nanosecond: sums of doubles. */
    private static final double EPSILON = 0.000_5;

    private void flow(String id, List<JsonNode> ends, Map<String, List<JsonNode>> threads) {
        if (ends.size() != 2
                || !(ends.get(0).path("ph").asText() + ends.get(1).path("ph").asText()).equals("sf")) {
            problems.add("flow " + id + " has not one start and then one end");
            return;
        }
        if (start(ends.get(0)) > start(ends.get(1)) + EPSILON) {
            problems.add("flow " + id + " goes back in time");
        }
        for (JsonNode end : ends) {
            boolean bound = threads.getOrDefault(end.path("pid") + "/" + end.path("tid"), List.of()).stream()
                    .anyMatch(slice -> start(slice) <= start(end) + EPSILON && start(end) <= end(slice) + EPSILON);
            if (!bound) {
                problems.add("flow " + id + " has an end at " + start(end) + " that no slice is at");
            }
        }
    }
}
