package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.unpark.analysis.json.UtcTime;
import io.unpark.sink.store.GraphQueries;
import io.unpark.sink.store.RouteTotals;
import io.unpark.sink.store.ServiceName;
import io.unpark.sink.store.ServiceSummary;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoredAnomaly;
import io.unpark.sink.store.WindowQueries;
import io.unpark.sink.store.WindowRange;
import io.unpark.sink.store.WindowStep;
import io.unpark.sink.store.WindowSums;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /api/v1/graph}: who calls whom, whether deadlines go along, and who is waited for. */
final class GraphResource {
    private static final List<String> PARAMETERS = List.of("since", "until");
    private static final int PEERS_MAX = 10_000;
    private static final int ANOMALIES_MAX = 500;
    private static final int SERVICES_MAX = 200;
    private static final int DOCUMENTS_MAX = 50_000;
    private static final int DOCUMENTS_OF_A_SERVICE_MAX = 5_000;
    private static final long SINCE_DEFAULT_NS = 15L * 60 * 1_000_000_000;
    private static final long NS_PER_MS = 1_000_000;

    private final WindowQueries windows;
    private final WindowSums sums;
    private final GraphQueries graphs;
    private final Supplier<StateRule> rule;
    private final Clock clock;

    GraphResource(WindowQueries windows, WindowSums sums, GraphQueries graphs, Supplier<StateRule> rule, Clock clock) {
        this.windows = windows;
        this.sums = sums;
        this.graphs = graphs;
        this.rule = rule;
        this.clock = clock;
    }

    /** Without {@code until}: up to the newest window, which may be of a replayed past. */
    void get(Context context) {
        Parameters parameters = new Parameters(context, clock, PARAMETERS);
        StateRule now = rule.get();
        List<ServiceSummary> services = windows.services(now);
        long newestNs = services.stream()
                .mapToLong(ServiceSummary::newestWindowEndNs)
                .filter(ns -> ns <= clock.millis() * NS_PER_MS)
                .max()
                .orElse(0);
        long untilNs = parameters.timeNs("until").orElse(newestNs + 1);
        long sinceNs = parameters.timeNs("since").orElse(Math.max(0, untilNs - SINCE_DEFAULT_NS));
        if (sinceNs >= untilNs || sinceNs < 0) {
            throw ProblemException.badParameter("since", "since must be before until, and not before 1970");
        }
        WindowRange range = WindowRange.of(Optional.empty(), "", sinceNs, untilNs);
        Read read = read(services, range.with(range.step() == WindowStep.HOUR ? WindowStep.HOUR : WindowStep.MINUTE));
        if (read.graph.isEmpty()) {
            // Hours are kept for much longer than minutes.
            read = read(services, range.with(WindowStep.HOUR));
        }
        for (StoredAnomaly anomaly :
                graphs.seenWithin(EdgeEvidence.KINDS, read.range.sinceNs(), read.range.untilNs(), now, ANOMALIES_MAX)) {
            EdgeEvidence.add(read.graph, anomaly);
        }
        Answers.json(context, body(read));
    }

    /** @param skipped services that were not read any more */
    private record Read(WindowRange range, ServiceGraph graph, int skipped, boolean truncated) {}

    private Read read(List<ServiceSummary> services, WindowRange range) {
        ServiceGraph graph = new ServiceGraph(new PeerBook(graphs.peers(PEERS_MAX), services));
        Map<ServiceName, RouteTotals> rolledUp =
                sums.routes(range.step(), range.sinceNs(), range.untilNs(), DOCUMENTS_MAX);
        int left = DOCUMENTS_MAX;
        int asked = 0;
        boolean truncated = false;
        List<ServiceSummary> within = services.stream()
                .filter(service -> service.newestWindowEndNs() >= range.sinceNs())
                .toList();
        for (ServiceSummary service : within) {
            if (asked == SERVICES_MAX || left <= 0) {
                break;
            }
            asked++;
            RouteTotals totals = rolledUp.get(new ServiceName(service.namespace(), service.service()));
            if (totals == null) {
                totals = asTheyCame(service, range, Math.min(left, DOCUMENTS_OF_A_SERVICE_MAX));
                left -= totals.documents();
            }
            truncated |= totals.truncated();
            graph.add(service, totals);
        }
        return new Read(range, graph, within.size() - asked, truncated);
    }

    /** Of a service that has nothing rolled up: it is new. */
    private RouteTotals asTheyCame(ServiceSummary service, WindowRange range, int documentsMax) {
        return sums.routes(new WindowRange(
                Optional.of(service.namespace()),
                service.service(),
                range.step(),
                range.sinceNs(),
                range.untilNs(),
                documentsMax));
    }

    private static ObjectNode body(Read read) {
        ObjectNode body = Answers.JSON.createObjectNode();
        body.put("since", UtcTime.text(read.range.sinceNs()));
        body.put("until", UtcTime.text(read.range.untilNs()));
        body.put("step", read.range.step().text());
        read.graph.write(body);
        body.withObject("/left_out").put("services", read.skipped);
        return body.put("truncated", read.truncated);
    }
}
