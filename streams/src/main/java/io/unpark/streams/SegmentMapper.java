package io.unpark.streams;

import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.DeadlineSigns;
import io.unpark.analysis.model.LateWork;
import io.unpark.analysis.model.Member;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Wait;
import io.unpark.schemas.record.Attribution;

/** {@link RequestSegment} and its Avro record. */
public final class SegmentMapper {
    private SegmentMapper() {}

    public static io.unpark.schemas.record.RequestSegment toAvro(RequestSegment it) {
        return io.unpark.schemas.record.RequestSegment.newBuilder()
                .setRequestId(it.requestId())
                .setSegmentId(it.segmentId())
                .setParentSpanId(it.parentSpanId())
                .setRevision(it.revision())
                .setInstance(PartMapper.toAvro(it.instance()))
                .setRoute(it.route())
                .setGoroutine(it.goroutine())
                .setStartNs(it.startNs())
                .setEndNs(it.endNs())
                .setStartTruncated(it.startTruncated())
                .setEndTruncated(it.endTruncated())
                .setAttribution(attribution(it.attribution()))
                .setHandler(PartMapper.toAvro(it.handler()))
                .setHeaderDeadlineNs(it.headerDeadlineNs())
                .setContextDeadlineNs(it.contextDeadlineNs())
                .setExpiredNs(it.expiredNs())
                .setCanceled(it.canceled())
                .setCpuNs(it.cpuNs())
                .setSplit(PartMapper.toAvro(it.split()))
                .setWaits(Mapped.list(it.waits(), SegmentMapper::wait))
                .setCalls(Mapped.list(it.calls(), SegmentMapper::call))
                .setLate(Mapped.list(it.late(), SegmentMapper::late))
                .setChunks(PartMapper.chunksToAvro(it.chunks()))
                .setDeadlineSigns(signs(it.deadlineSigns()))
                .setPath(PathMapper.toAvro(it.path()))
                .setMembers(Mapped.list(it.members(), SegmentMapper::member))
                .setMemberCount(it.memberCount())
                .setSlowest(it.slowest())
                .build();
    }

    private static io.unpark.schemas.record.Member member(Member it) {
        return new io.unpark.schemas.record.Member(it.goroutine(), it.start(), it.pooled(), it.certain(), it.cpuNs());
    }

    private static Member member(io.unpark.schemas.record.Member it) {
        return new Member(it.getGoroutine(), it.getStartFunction(), it.getPooled(), it.getCertain(), it.getCpuNs());
    }

    private static io.unpark.schemas.record.DeadlineSigns signs(DeadlineSigns it) {
        return new io.unpark.schemas.record.DeadlineSigns(
                it.told(),
                it.logger(),
                it.logged(),
                it.expirySeen(),
                it.expiryInferred(),
                it.clientLeft(),
                it.streamed());
    }

    private static DeadlineSigns signs(io.unpark.schemas.record.DeadlineSigns it) {
        return new DeadlineSigns(
                it.getTold(),
                it.getLogger(),
                it.getLogged(),
                it.getExpiryObserved(),
                it.getExpiryInferred(),
                it.getClientLeft(),
                it.getStreamed());
    }

    /** The input is "": in the pipeline there is no file. */
    public static RequestSegment toDomain(io.unpark.schemas.record.RequestSegment it) {
        return new RequestSegment(
                it.getRequestId(),
                it.getSegmentId(),
                it.getParentSpanId(),
                it.getRevision(),
                PartMapper.toDomain(it.getInstance()),
                "",
                it.getRoute(),
                it.getGoroutine(),
                it.getStartNs(),
                it.getEndNs(),
                it.getStartTruncated(),
                it.getEndTruncated(),
                confidence(it.getAttribution()),
                PartMapper.toStack(it.getHandler()),
                it.getHeaderDeadlineNs(),
                it.getContextDeadlineNs(),
                it.getExpiredNs(),
                it.getCanceled(),
                it.getCpuNs(),
                PartMapper.toDomain(it.getSplit()),
                Mapped.list(it.getWaits(), SegmentMapper::wait),
                Mapped.list(it.getCalls(), SegmentMapper::call),
                Mapped.list(it.getLate(), SegmentMapper::late),
                PartMapper.chunksToDomain(it.getChunks()),
                signs(it.getDeadlineSigns()),
                PathMapper.toDomain(it.getPath()),
                Mapped.list(it.getMembers(), SegmentMapper::member),
                it.getMemberCount(),
                it.getSlowest());
    }

    private static Attribution attribution(Confidence it) {
        return switch (it) {
            case POSSIBLE -> Attribution.POSSIBLE;
            case LIKELY -> Attribution.LIKELY;
            case CERTAIN -> Attribution.CERTAIN;
        };
    }

    private static Confidence confidence(Attribution it) {
        return switch (it) {
            case UNKNOWN, POSSIBLE -> Confidence.POSSIBLE;
            case LIKELY -> Confidence.LIKELY;
            case CERTAIN -> Confidence.CERTAIN;
        };
    }

    private static io.unpark.schemas.record.Wait wait(Wait it) {
        return new io.unpark.schemas.record.Wait(
                it.goroutine(),
                it.startNs(),
                it.durationNs(),
                it.atLeast(),
                it.reason(),
                PartMapper.toAvro(it.stack()),
                it.wakerGoroutine(),
                PartMapper.toAvro(it.wakerStack()));
    }

    private static Wait wait(io.unpark.schemas.record.Wait it) {
        return new Wait(
                it.getGoroutine(),
                it.getStartNs(),
                it.getDurationNs(),
                it.getAtLeast(),
                it.getReason(),
                PartMapper.toStack(it.getStack()),
                it.getWakerGoroutine(),
                PartMapper.toStack(it.getWakerStack()));
    }

    private static io.unpark.schemas.record.OutgoingCall call(OutgoingCall it) {
        return new io.unpark.schemas.record.OutgoingCall(
                it.traceId(),
                it.spanId(),
                it.peer(),
                it.route(),
                it.startNs(),
                it.endNs(),
                it.contextDeadlineNs(),
                it.headerDeadlineNs(),
                it.detached(),
                it.error(),
                PartMapper.toAvro(it.stack()));
    }

    private static OutgoingCall call(io.unpark.schemas.record.OutgoingCall it) {
        return new OutgoingCall(
                it.getTraceId(),
                it.getSpanId(),
                it.getPeer(),
                it.getRoute(),
                it.getStartNs(),
                it.getEndNs(),
                it.getContextDeadlineNs(),
                it.getHeaderDeadlineNs(),
                it.getDetached(),
                it.getError(),
                PartMapper.toStack(it.getStack()));
    }

    private static io.unpark.schemas.record.LateWork late(LateWork it) {
        return new io.unpark.schemas.record.LateWork(
                it.goroutine(), it.lateNs(), it.cpuNs(), it.stillAtWork(), PartMapper.toAvro(it.stack()));
    }

    private static LateWork late(io.unpark.schemas.record.LateWork it) {
        return new LateWork(
                it.getGoroutine(),
                it.getLateNs(),
                it.getCpuNs(),
                it.getStillAtWork(),
                PartMapper.toStack(it.getStack()));
    }
}
