package io.unpark.streams;

import static io.unpark.streams.IncidentProcessor.ARRIVALS;
import static io.unpark.streams.IncidentProcessor.FINDINGS;
import static io.unpark.streams.IncidentProcessor.STATES;

import io.unpark.schemas.Topics;
import org.apache.kafka.streams.Topology;

/** Findings of all detectors to anomalies. */
final class IncidentTopology {
    private static final String FOLD = "fold-findings";

    /** Names the nodes of this topology. */
    static final String STAGE = "incident";

    private IncidentTopology() {}

    static Topology addTo(Topology topology, Wiring wiring, StreamsLimits limits, StreamsCounters counters) {
        return addTo(topology, wiring, limits, counters, IncidentProcessor.MAX_ANOMALIES);
    }

    /** @param maxAnomalies of one task; at the limit the one goes that was silent longest */
    static Topology addTo(
            Topology topology, Wiring wiring, StreamsLimits limits, StreamsCounters counters, int maxAnomalies) {
        Nodes nodes = new Nodes(topology, wiring, STAGE);
        nodes.source(Topics.FINDINGS);
        topology.addProcessor(
                FOLD,
                () -> new IncidentProcessor(wiring, limits, counters, maxAnomalies),
                Nodes.sourceName(Topics.FINDINGS));
        topology.addStateStore(TaskStores.ofBytes(FINDINGS), FOLD);
        topology.addStateStore(TaskStores.ofBytes(STATES), FOLD);
        topology.addStateStore(TaskStores.ofLongs(ARRIVALS), FOLD);
        nodes.sink(Topics.ANOMALIES, FOLD);
        return topology;
    }
}
