package io.unpark.streams;

import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Kind;

/** {@link Finding} and its Avro record. */
public final class FindingMapper {
    private FindingMapper() {}

    public static io.unpark.schemas.record.Finding toAvro(Finding it) {
        return io.unpark.schemas.record.Finding.newBuilder()
                .setFindingId(it.findingId())
                .setAnomalyId(it.anomalyId())
                .setKind(it.kind().id())
                .setSubject(it.subject())
                .setRevision(it.revision())
                .setWithdrawn(it.withdrawn())
                .setInstance(PartMapper.toAvro(it.instance()))
                .setPlace(PartMapper.toAvro(it.place()))
                .setSeverity(PartMapper.toAvro(it.severity()))
                .setConfidence(PartMapper.toAvro(it.confidence()))
                .setCount(it.count())
                .setFirstSeenNs(it.firstSeenNs())
                .setLastSeenNs(it.lastSeenNs())
                .setDurationNs(it.durationNs())
                .setSummary(it.summary())
                .setEvidence(it.evidence().values())
                .setCause(PartMapper.causeToAvro(it.cause()))
                .setAdvice(PartMapper.toAvro(it.advice()))
                .setChunks(PartMapper.chunksToAvro(it.chunks()))
                .setConfigHash(it.configHash())
                .build();
    }

    /** The input is "": in the pipeline there is no file. {@link IllegalArgumentException} for a kind of a later version. */
    public static Finding toDomain(io.unpark.schemas.record.Finding it) {
        Kind kind = Kind.of(it.getKind())
                .orElseThrow(() -> new IllegalArgumentException("this version knows no kind " + it.getKind()));
        return new Finding(
                it.getFindingId(),
                it.getAnomalyId(),
                kind,
                it.getSubject(),
                it.getRevision(),
                it.getWithdrawn(),
                PartMapper.toDomain(it.getInstance()),
                "",
                PartMapper.toDomain(it.getPlace()),
                PartMapper.toDomain(it.getSeverity()),
                PartMapper.toDomain(it.getConfidence()),
                it.getCount(),
                it.getFirstSeenNs(),
                it.getLastSeenNs(),
                it.getDurationNs(),
                it.getSummary(),
                PartMapper.toEvidence(it.getEvidence()),
                PartMapper.causeToDomain(it.getCause()),
                PartMapper.toDomain(it.getAdvice()),
                PartMapper.chunksToDomain(it.getChunks()),
                it.getConfigHash());
    }
}
