package io.unpark.streams;

import io.unpark.analysis.model.RaceReport;

/** A race report's Avro record in the analysis' own form. */
public final class RaceMapper {
    private RaceMapper() {}

    /** The input is "": in the pipeline there is no file. */
    public static RaceReport toDomain(io.unpark.schemas.record.RaceReport it) {
        return new RaceReport(
                it.getId(),
                PartMapper.toDomain(it.getInstance()),
                "",
                it.getReportedUnixNs(),
                it.getAccesses().stream().map(RaceMapper::access).toList(),
                it.getOrigins().stream().map(RaceMapper::origin).toList(),
                it.getText());
    }

    private static RaceReport.Access access(io.unpark.schemas.record.RaceAccess it) {
        return new RaceReport.Access(
                it.getOperation(),
                it.getAtomic(),
                it.getAddress(),
                it.getGoroutine(),
                it.getMain(),
                PartMapper.toStack(it.getStack()));
    }

    private static RaceReport.Origin origin(io.unpark.schemas.record.RaceOrigin it) {
        return new RaceReport.Origin(it.getGoroutine(), it.getFinished(), PartMapper.toStack(it.getStack()));
    }
}
