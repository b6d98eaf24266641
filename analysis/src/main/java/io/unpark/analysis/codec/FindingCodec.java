package io.unpark.analysis.codec;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * A finding in bytes: a version (the first knows of no depth in causes), then the record's fields in their order. Kinds are written by name, so that new ones may be
 * put anywhere; severities and confidences by ordinal, which must therefore keep their order.
 */
public final class FindingCodec {
    private static final int VERSION = 2;

    private FindingCodec() {}

    public static byte[] toBytes(Finding finding) {
        BinaryWriter out = new BinaryWriter();
        write(out, finding);
        return out.toBytes();
    }

    /** @throws CodecException when they are damaged, or of another version */
    public static Finding fromBytes(byte[] bytes) {
        BinaryReader in = new BinaryReader(bytes);
        Finding finding = read(in);
        in.expectEnd();
        return finding;
    }

    /** Appends a finding. */
    public static void write(BinaryWriter out, Finding finding) {
        out.writeByte(VERSION);
        out.writeText(finding.findingId());
        out.writeText(finding.anomalyId());
        out.writeText(finding.kind().id());
        out.writeText(finding.subject());
        out.writeSigned(finding.revision());
        out.writeBoolean(finding.withdrawn());
        writeInstance(out, finding.instance());
        out.writeText(finding.input());
        writePlace(out, finding.place());
        out.writeByte(finding.severity().ordinal());
        out.writeByte(finding.confidence().ordinal());
        out.writeSigned(finding.count());
        out.writeSigned(finding.firstSeenNs());
        out.writeSigned(finding.lastSeenNs());
        out.writeSigned(finding.durationNs());
        out.writeText(finding.summary());
        EvidenceCodec.write(out, finding.evidence());
        writeCause(out, finding.cause());
        writeAdvice(out, finding.advice());
        writeChunks(out, finding.chunks());
        out.writeText(finding.configHash());
    }

    /**
     * Reads what {@link #write} appended.
     *
     * @throws CodecException when it is damaged, or of another version
     */
    public static Finding read(BinaryReader in) {
        int version = in.readByte();
        if (version < 1 || version > VERSION) {
            throw new CodecException("a finding of version " + version + ", known is " + VERSION);
        }
        return new Finding(
                in.readText(),
                in.readText(),
                readKind(in),
                in.readText(),
                in.readSigned(),
                in.readBoolean(),
                readInstance(in),
                in.readText(),
                readPlace(in),
                in.readEnum(Severity.values()),
                in.readEnum(Confidence.values()),
                in.readSigned(),
                in.readSigned(),
                in.readSigned(),
                in.readSigned(),
                in.readText(),
                EvidenceCodec.read(in),
                readCause(in, version),
                readAdvice(in),
                readChunks(in),
                in.readText());
    }

    private static Kind readKind(BinaryReader in) {
        String id = in.readText();
        return Kind.of(id).orElseThrow(() -> new CodecException("a finding of the unknown kind " + id));
    }

    private static void writeInstance(BinaryWriter out, Instance instance) {
        out.writeText(instance.namespace());
        out.writeText(instance.service());
        out.writeText(instance.name());
        out.writeText(instance.version());
    }

    private static Instance readInstance(BinaryReader in) {
        return new Instance(in.readText(), in.readText(), in.readText(), in.readText());
    }

    private static void writePlace(BinaryWriter out, Place place) {
        out.writeText(place.site());
        out.writeText(place.file());
        out.writeSigned(place.line());
        out.writeText(place.creationSite());
        out.writeText(place.route());
    }

    private static Place readPlace(BinaryReader in) {
        return new Place(in.readText(), in.readText(), in.readInt(), in.readText(), in.readText());
    }

    private static void writeCause(BinaryWriter out, List<CauseStep> cause) {
        out.writeUnsigned(cause.size());
        for (CauseStep step : cause) {
            out.writeText(step.service());
            out.writeText(step.route());
            out.writeText(step.what());
            out.writeText(step.reason());
            out.writeText(step.function());
            out.writeText(step.file());
            out.writeSigned(step.line());
            out.writeSigned(step.durationNs());
            out.writeUnsigned(step.depth());
            out.writeSigned(step.totalNs());
            out.writeUnsigned(step.sharePermille());
        }
    }

    private static List<CauseStep> readCause(BinaryReader in, int version) {
        List<CauseStep> cause = new ArrayList<>();
        for (int left = in.readCount(); left > 0; left--) {
            CauseStep step = new CauseStep(
                    in.readText(),
                    in.readText(),
                    in.readText(),
                    in.readText(),
                    in.readText(),
                    in.readText(),
                    in.readInt(),
                    in.readSigned());
            cause.add(
                    version < 2
                            ? step
                            : step.within((int) in.readUnsigned(), in.readSigned(), (int) in.readUnsigned()));
        }
        return cause;
    }

    private static void writeAdvice(BinaryWriter out, Advice advice) {
        out.writeText(advice.fix());
        out.writeText(advice.nextTool());
        out.writeText(advice.doc());
    }

    private static Advice readAdvice(BinaryReader in) {
        return new Advice(in.readText(), in.readText(), in.readText());
    }

    private static void writeChunks(BinaryWriter out, List<ChunkRef> chunks) {
        out.writeUnsigned(chunks.size());
        for (ChunkRef chunk : chunks) {
            out.writeText(chunk.topic());
            out.writeSigned(chunk.partition());
            out.writeSigned(chunk.offset());
            out.writeText(chunk.capture());
            out.writeSigned(chunk.generation());
        }
    }

    private static List<ChunkRef> readChunks(BinaryReader in) {
        List<ChunkRef> chunks = new ArrayList<>();
        for (int left = in.readCount(); left > 0; left--) {
            chunks.add(new ChunkRef(in.readText(), in.readInt(), in.readSigned(), in.readText(), in.readSigned()));
        }
        return chunks;
    }
}
