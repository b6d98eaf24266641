package io.unpark.streams;

import io.unpark.analysis.model.Anomaly;

/** An {@link Anomaly} as its Avro record; the sink reads it back with a mapper of its own. */
public final class AnomalyMapper {
    private AnomalyMapper() {}

    /**
     * The input is left out: in the pipeline there is no file.
     *
     * @param durationNs of the worst example
     * @param updatedUnixNs wall clock of the record, which is not part of its meaning
     */
    public static io.unpark.schemas.record.Anomaly toAvro(Anomaly it, long durationNs, long updatedUnixNs) {
        return io.unpark.schemas.record.Anomaly.newBuilder()
                .setId(it.id())
                .setKind(it.kind().id())
                .setInstance(PartMapper.toAvro(it.instance()))
                .setPlace(PartMapper.toAvro(it.place()))
                .setSeverity(PartMapper.toAvro(it.severity()))
                .setConfidence(PartMapper.toAvro(it.confidence()))
                .setCount(it.count())
                .setFirstSeenNs(it.firstSeenNs())
                .setLastSeenNs(it.lastSeenNs())
                .setDurationNs(durationNs)
                .setSummary(it.summary())
                .setEvidence(it.evidence().values())
                .setCause(PartMapper.causeToAvro(it.cause()))
                .setAdvice(PartMapper.toAvro(it.advice()))
                .setSlices(PartMapper.chunksToAvro(it.slices()))
                .setWorstFindingId(it.worstFindingId())
                .setConfigHash(it.configHash())
                .setUpdatedUnixNs(updatedUnixNs)
                .build();
    }
}
