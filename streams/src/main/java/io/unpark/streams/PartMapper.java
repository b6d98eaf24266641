package io.unpark.streams;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.TimeSplit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The parts that several records share, between Avro and the analysis' own form. */
final class PartMapper {
    private PartMapper() {}

    static io.unpark.schemas.record.Instance toAvro(Instance it) {
        return new io.unpark.schemas.record.Instance(it.namespace(), it.service(), it.name(), it.version());
    }

    static Instance toDomain(io.unpark.schemas.record.Instance it) {
        return new Instance(it.getNamespace(), it.getService(), it.getName(), it.getVersion());
    }

    static io.unpark.schemas.record.Place toAvro(Place it) {
        return new io.unpark.schemas.record.Place(it.site(), it.file(), it.line(), it.creationSite(), it.route());
    }

    static Place toDomain(io.unpark.schemas.record.Place it) {
        return new Place(it.getSite(), it.getFile(), it.getLine(), it.getCreationSite(), it.getRoute());
    }

    static io.unpark.schemas.record.Advice toAvro(Advice it) {
        return new io.unpark.schemas.record.Advice(it.fix(), it.nextTool(), it.doc());
    }

    static Advice toDomain(io.unpark.schemas.record.Advice it) {
        return new Advice(it.getFix(), it.getNextTool(), it.getDoc());
    }

    static io.unpark.schemas.record.Severity toAvro(Severity it) {
        return switch (it) {
            case INFO -> io.unpark.schemas.record.Severity.INFO;
            case WARNING -> io.unpark.schemas.record.Severity.WARNING;
            case CRITICAL -> io.unpark.schemas.record.Severity.CRITICAL;
        };
    }

    /** A severity that only a later version knows is the least. */
    static Severity toDomain(io.unpark.schemas.record.Severity it) {
        return switch (it) {
            case UNKNOWN, INFO -> Severity.INFO;
            case WARNING -> Severity.WARNING;
            case CRITICAL -> Severity.CRITICAL;
        };
    }

    static io.unpark.schemas.record.Confidence toAvro(Confidence it) {
        return switch (it) {
            case POSSIBLE -> io.unpark.schemas.record.Confidence.POSSIBLE;
            case LIKELY -> io.unpark.schemas.record.Confidence.LIKELY;
            case CERTAIN -> io.unpark.schemas.record.Confidence.CERTAIN;
        };
    }

    /** A confidence that only a later version knows is the least. */
    static Confidence toDomain(io.unpark.schemas.record.Confidence it) {
        return switch (it) {
            case UNKNOWN, POSSIBLE -> Confidence.POSSIBLE;
            case LIKELY -> Confidence.LIKELY;
            case CERTAIN -> Confidence.CERTAIN;
        };
    }

    static List<io.unpark.schemas.record.Frame> toAvro(Stack it) {
        return Mapped.list(it.frames(), f -> new io.unpark.schemas.record.Frame(f.function(), f.file(), f.line()));
    }

    static Stack toStack(List<io.unpark.schemas.record.Frame> it) {
        return it.isEmpty()
                ? Stack.EMPTY
                : new Stack(Mapped.list(it, f -> new Frame(f.getFunction(), f.getFile(), f.getLine())));
    }

    static io.unpark.schemas.record.TimeSplit toAvro(TimeSplit it) {
        return new io.unpark.schemas.record.TimeSplit(
                it.runningNs(), it.runnableNs(), it.syscallNs(), it.gcAssistNs(), it.stopTheWorldNs(), it.blockedNs());
    }

    static TimeSplit toDomain(io.unpark.schemas.record.TimeSplit it) {
        return new TimeSplit(
                it.getRunningNs(),
                it.getRunnableNs(),
                it.getSyscallNs(),
                it.getGcAssistNs(),
                it.getStopTheWorldNs(),
                new TreeMap<>(it.getBlockedNs()));
    }

    static List<io.unpark.schemas.record.CauseStep> causeToAvro(List<CauseStep> steps) {
        return Mapped.list(
                steps,
                s -> new io.unpark.schemas.record.CauseStep(
                        s.service(),
                        s.route(),
                        s.what(),
                        s.reason(),
                        s.function(),
                        s.file(),
                        s.line(),
                        s.durationNs(),
                        s.depth(),
                        s.totalNs(),
                        s.sharePermille()));
    }

    static List<CauseStep> causeToDomain(List<io.unpark.schemas.record.CauseStep> steps) {
        return Mapped.list(
                steps,
                s -> new CauseStep(
                        s.getService(),
                        s.getRoute(),
                        s.getWhat(),
                        s.getReason(),
                        s.getFunction(),
                        s.getFile(),
                        s.getLine(),
                        s.getDurationNs(),
                        s.getDepth(),
                        s.getTotalNs(),
                        s.getSharePermille()));
    }

    static List<io.unpark.schemas.record.ChunkRef> chunksToAvro(List<ChunkRef> refs) {
        return Mapped.list(
                refs,
                r -> new io.unpark.schemas.record.ChunkRef(
                        r.topic(), r.partition(), r.offset(), r.capture(), r.generation()));
    }

    static List<ChunkRef> chunksToDomain(List<io.unpark.schemas.record.ChunkRef> refs) {
        return Mapped.list(
                refs,
                r -> new ChunkRef(r.getTopic(), r.getPartition(), r.getOffset(), r.getCapture(), r.getGeneration()));
    }

    /** Evidence's own types are those of the schema's union: nothing to convert. */
    static Evidence toEvidence(Map<String, Object> values) {
        return new Evidence(new TreeMap<>(values));
    }
}
