package io.unpark.streams;

import static io.unpark.streams.RequestProcessor.ARRIVALS;
import static io.unpark.streams.RequestProcessor.SEGMENTS;

import io.unpark.schemas.Topics;
import org.apache.kafka.streams.Topology;

/** Segments of requests to judgements over service boundaries, and to the requests that carry one. */
final class RequestTopology {
    private static final String JOIN = "join-requests";

    /** Names the nodes of this topology. */
    static final String STAGE = "request";

    private RequestTopology() {}

    static Topology addTo(
            Topology topology,
            Wiring wiring,
            StreamsLimits limits,
            AnalysisSettings analysis,
            StreamsCounters counters) {
        Nodes nodes = new Nodes(topology, wiring, STAGE);
        nodes.source(Topics.REQUEST_SEGMENTS, wiring.serdes().arriving(Topics.REQUEST_SEGMENTS, StoredSegments.STATES));
        topology.addProcessor(
                JOIN,
                () -> new RequestProcessor(wiring, limits, analysis, counters),
                Nodes.sourceName(Topics.REQUEST_SEGMENTS));
        topology.addStateStore(TaskStores.ofBytes(SEGMENTS), JOIN);
        topology.addStateStore(TaskStores.ofLongs(ARRIVALS), JOIN);
        nodes.sink(Topics.FINDINGS, JOIN);
        nodes.sink(Topics.REQUESTS, JOIN);
        return topology;
    }
}
