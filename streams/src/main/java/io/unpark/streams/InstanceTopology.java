package io.unpark.streams;

import static io.unpark.streams.InstanceProcessor.ARRIVALS;
import static io.unpark.streams.InstanceProcessor.HELD;
import static io.unpark.streams.InstanceProcessor.HOLDING;
import static io.unpark.streams.InstanceProcessor.ORDERS;
import static io.unpark.streams.InstanceProcessor.PAGES;

import io.unpark.schemas.Topics;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;

/** What instances send, to judgements about them: trace chunks, race reports and profiles in; findings, segments and windows out. */
final class InstanceTopology {
    private static final String JUDGE = "judge-generations";
    private static final String JUDGE_RACES = "judge-races";
    private static final String JUDGE_PROFILES = "judge-profiles";

    /** Names the nodes of this topology. */
    static final String STAGE = "instance";

    private InstanceTopology() {}

    static Topology addTo(
            Topology topology,
            Wiring wiring,
            StreamsLimits limits,
            AnalysisSettings analysis,
            StreamsCounters counters) {
        Nodes nodes = new Nodes(topology, wiring, STAGE);
        nodes.source(Topics.TRACE_CHUNKS);
        topology.addProcessor(
                JUDGE,
                () -> new InstanceProcessor(wiring, limits, analysis, counters),
                Nodes.sourceName(Topics.TRACE_CHUNKS));
        topology.addStateStore(TaskStores.ofBytes(PAGES), JUDGE);
        topology.addStateStore(TaskStores.ofBytes(HELD), JUDGE);
        topology.addStateStore(TaskStores.ofBytes(ORDERS), JUDGE);
        topology.addStateStore(TaskStores.ofLongs(HOLDING), JUDGE);
        topology.addStateStore(TaskStores.ofLongs(ARRIVALS), JUDGE);
        nodes.sink(Topics.REQUEST_SEGMENTS, JUDGE);
        nodes.sink(Topics.RUNTIME_WINDOWS, JUDGE);
        nodes.sink(Topics.ROUTE_WINDOWS, JUDGE);
        nodes.sink(Topics.PROFILES, JUDGE);

        topology.addSink(
                ChunkLetters.SINK,
                wiring.name(Topics.TRACE_CHUNKS_DLQ),
                new StringSerializer(),
                new ByteArraySerializer(),
                JUDGE);

        nodes.source(Topics.RACE_REPORTS);
        topology.addProcessor(
                JUDGE_RACES,
                () -> new RaceProcessor(wiring, analysis, counters),
                Nodes.sourceName(Topics.RACE_REPORTS));

        nodes.source(Topics.PROFILE_SNAPSHOTS);
        topology.addProcessor(
                JUDGE_PROFILES,
                () -> new ProfileProcessor(wiring, limits, analysis, counters),
                Nodes.sourceName(Topics.PROFILE_SNAPSHOTS));
        // Both sides keep there what they say last: a leak that a trace and a profile see is one finding.
        topology.addStateStore(TaskStores.ofBytes(ProfileProcessor.PROFILES), JUDGE, JUDGE_PROFILES);
        topology.addStateStore(TaskStores.ofLongs(ProfileProcessor.ARRIVALS), JUDGE_PROFILES);

        nodes.sink(Topics.FINDINGS, JUDGE, JUDGE_RACES, JUDGE_PROFILES);
        return topology;
    }
}
