package io.unpark.streams;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.incident.Incidents;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceCorrelator;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.request.RequestRules;
import io.unpark.analysis.request.RequestSet;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.TraceFormatException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The same analysis without Kafka: what the pipeline must agree with. */
final class InProcess {
    private final Map<String, InstanceCorrelator> correlators = new HashMap<>();
    private final Map<String, RequestSet> requests = new HashMap<>();
    private final Incidents incidents = new Incidents();

    /** Takes a whole generation. */
    void take(TraceChunk chunk) throws TraceFormatException {
        var instance = PartMapper.toDomain(chunk.getInstance());
        var correlator = correlators.computeIfAbsent(
                instance.name(), name -> new InstanceCorrelator(instance, AnalysisConfig.DEFAULTS));
        InstanceOutput output = correlator
                .process(new GenerationInput(
                        chunk.getGoMinor(),
                        chunk.getCapture(),
                        chunk.getSequence(),
                        chunk.getGeneration(),
                        chunk.getCapturedUnixNs(),
                        chunk.getClockErrorNs(),
                        chunk.getBytes().duplicate(),
                        new ChunkRef("", -1, -1, chunk.getCapture(), chunk.getGeneration()),
                        ""))
                .orElseThrow();
        output.findings().forEach(incidents::take);
        output.segments().forEach(this::join);
    }

    private void join(RequestSegment segment) {
        requests.computeIfAbsent(segment.requestId(), id -> new RequestSet(RequestRules.of(AnalysisConfig.DEFAULTS)))
                .change(segment)
                .forEach(incidents::take);
    }

    /** What stands, by id. Where the bytes lie and when the record was made is left out: only the pipeline knows. */
    Map<String, Anomaly> anomalies() {
        Map<String, Anomaly> anomalies = new TreeMap<>();
        incidents.anomalies().forEach(it -> {
            long durationNs = incidents.worst(it).durationNs();
            anomalies.put(it.id(), comparable(AnomalyMapper.toAvro(it, durationNs, 0)));
        });
        return anomalies;
    }

    static Anomaly comparable(Anomaly anomaly) {
        anomaly.put("slices", java.util.List.of());
        anomaly.put("updated_unix_ns", 0L);
        return anomaly;
    }
}
