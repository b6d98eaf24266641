package io.unpark.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.trace.TraceFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tukaani.xz.XZInputStream;

/** A recording of {@code benchmarks/requests} and the program's own log of its requests. */
public record Truth(String variant, long windowStartNs, long windowEndNs, List<Row> rows) {

    /**
     * One request as the program measured it: in its handler, wall clock.
     *
     * @param created goroutines that it made, directly or not
     * @param served the pooled worker's goroutine, 0 for none
     */
    public record Row(
            String kind,
            long goroutine,
            long startNs,
            long endNs,
            List<Long> created,
            long served,
            String spanId,
            String traceId) {

        public boolean isMet(RequestSegment s) {
            return s.goroutine() == goroutine && s.startNs() < endNs && s.endNs() > startNs;
        }
    }

    public static Truth of(String variant) {
        try (InputStream in = open(variant + ".json.xz")) {
            JsonNode label = new ObjectMapper().readTree(in);
            long startNs = label.path("window_start_ns").asLong();
            long endNs = label.path("window_end_ns").asLong();
            List<Row> rows = new ArrayList<>();
            for (JsonNode row : label.path("requests")) {
                rows.add(row(row));
            }
            return new Truth(variant, startNs, endNs, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(JsonNode row) {
        List<Long> created = new ArrayList<>();
        row.path("created").forEach(id -> created.add(id.asLong()));
        return new Row(
                row.path("kind").asText(),
                row.path("g").asLong(),
                row.path("start_ns").asLong(),
                row.path("end_ns").asLong(),
                created,
                row.path("served").asLong(),
                row.path("span").asText(),
                row.path("trace").asText());
    }

    private static InputStream open(String file) throws IOException {
        InputStream in = Truth.class.getResourceAsStream("requests/" + file);
        return new XZInputStream(Objects.requireNonNull(in, file));
    }

    /** The one that the row met. */
    public RequestSegment segment(Row row, List<RequestSegment> segments) {
        return segments.stream().filter(row::isMet).findFirst().orElseThrow();
    }

    public Recordings.Generations generations() {
        try (InputStream in = open(variant + ".trace.xz")) {
            return Recordings.generations(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last word on every segment of the recording, in the order of their starts. */
    public List<RequestSegment> segments() throws TraceFormatException {
        InstanceFeed feed = new InstanceFeed(new Instance("", variant, variant, ""), AnalysisConfig.DEFAULTS);
        Map<String, RequestSegment> last = new LinkedHashMap<>();
        for (InstanceOutput output : feed.takeAll("c-" + variant, generations())) {
            output.segments().forEach(s -> last.put(s.requestId() + " " + s.segmentId(), s));
        }
        return List.copyOf(last.values());
    }
}
