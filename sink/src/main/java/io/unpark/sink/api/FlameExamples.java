package io.unpark.sink.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.unpark.analysis.export.ReadSlice;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.StackProfile;
import io.unpark.sink.store.ProfileQueries.Selection;
import io.unpark.sink.store.RequestQueries;
import io.unpark.sink.store.StackTaker;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code /api/v1/requests/{id}/flame}: a request's own waits; {@code /api/v1/anomalies/{id}/flame}: the stacks of the slice
 * behind an anomaly, or, where there is none, of its service and route when it was seen last.
 */
final class FlameExamples {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PARAMETERS = List.of("kind", "route");
    private static final long AROUND_NS = 15 * 60 * 1_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int HTTP_UNAVAILABLE = 503;

    private final RequestQueries requests;
    private final TraceResource traces;
    private final FlameResource services;
    private final Clock clock;

    FlameExamples(RequestQueries requests, TraceResource traces, FlameResource services, Clock clock) {
        this.requests = requests;
        this.traces = traces;
        this.services = services;
        this.clock = clock;
    }

    void request(Context context) {
        new Parameters(context, clock, List.of());
        String id = context.pathParam("id");
        JsonNode request = parse(requests.find(id)
                .orElseThrow(() -> ProblemException.notFound("No request with the id '" + id + "' is kept.")));
        FlameTree tree = new FlameTree(FlameKind.BLOCKED, Optional.empty());
        long coveredNs = 0;
        for (JsonNode segment : request.path("segments")) {
            coveredNs = Math.max(
                    coveredNs,
                    segment.path("end_ns").asLong() - segment.path("start_ns").asLong());
            String service = segment.path("instance").path("service").asText();
            Frame part = new Frame((service + " " + segment.path("route").asText()).strip(), "", 0);
            for (JsonNode wait : segment.path("waits")) {
                List<Frame> frames = frames(wait.path("stack"));
                frames.add(part);
                tree.add(
                        false,
                        frames,
                        wait.path("reason").asText(),
                        1,
                        Math.max(0, wait.path("duration_ns").asLong()));
            }
        }
        tree.shown().rest(coveredNs, 0, 0);
        ObjectNode body =
                Answers.JSON.createObjectNode().put("source", "request").put("request", id);
        tree.addTo(body, false);
        Answers.json(context, body);
    }

    private static List<Frame> frames(JsonNode stack) {
        List<Frame> frames = new ArrayList<>();
        for (JsonNode frame : stack) {
            frames.add(new Frame(
                    frame.path("function").asText(),
                    frame.path("file").asText(),
                    frame.path("line").asInt()));
        }
        return frames;
    }

    private static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("a stored request is not JSON", e);
        }
    }

    void anomaly(Context context) {
        Parameters parameters = new Parameters(context, clock, PARAMETERS);
        FlameKind kind = FlameResource.kind(parameters);
        ObjectNode anomaly = traces.anomaly(context);
        FlameTree tree = new FlameTree(kind, parameters.text("route"));
        ObjectNode body = Answers.JSON.createObjectNode();
        body.put("anomaly", anomaly.path("id").asText());
        body.put("service", anomaly.path("service").asText());
        body.put("site", anomaly.path("site").asText());
        try {
            ReadSlice slice = traces.read(context, anomaly);
            body.put("source", "slice");
            slice.profiles().forEach(profile -> add(profile, tree.shown()));
        } catch (ProblemException e) {
            if (e.status() == HTTP_UNAVAILABLE) {
                throw e;
            }
            body.put("source", "windows").put("why", e.getMessage());
            services.limited(context, () -> services.read(whenSeen(anomaly), tree.shown(), body));
        }
        tree.addTo(body, false);
        Answers.json(context, body);
    }

    private static void add(StackProfile profile, StackTaker taker) {
        for (StackProfile.Entry entry : profile.entries()) {
            taker.entry(entry.route(), entry.reason(), entry.stack(), entry.count(), entry.blockedNs());
        }
        taker.rest(Math.max(0, profile.endNs() - profile.startNs()), profile.otherNs(), profile.otherSamples());
    }

    /** The end of the time in which it was seen. */
    private static Selection whenSeen(ObjectNode anomaly) {
        long firstNs = TraceResource.timeNs(anomaly, "first_seen");
        long lastNs = TraceResource.timeNs(anomaly, "last_seen");
        return new Selection(
                Optional.of(anomaly.path("namespace").asText()),
                anomaly.path("service").asText(),
                Optional.empty(),
                Math.max(firstNs, lastNs - AROUND_NS) - SECOND_NS,
                lastNs + SECOND_NS);
    }
}
