package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.detect.HeapSeries;
import io.unpark.analysis.model.ChunkRef;

/** What an instance has once: where in which capture it is, its clocks, counters, and the last generations' bytes. */
final class MetaCodec {
    /** Changes when the layout of any page does: state of another version is refused, and history replayed. */
    private static final int VERSION = 9;

    private final InstanceState state;
    private final RequestTracker requests;
    private final GenerationTracker tracker;

    MetaCodec(InstanceState state, RequestTracker requests, GenerationTracker tracker) {
        this.state = state;
        this.requests = requests;
        this.tracker = tracker;
    }

    void write(BinaryWriter out) {
        out.writeByte(VERSION);
        out.writeText(state.capture);
        out.writeUnsigned(state.lastGeneration);
        out.writeUnsigned(state.pastCaptures.size());
        state.pastCaptures.forEach((capture, last) -> {
            out.writeText(capture);
            out.writeUnsigned(last);
        });
        out.writeBoolean(state.afterGap);
        out.writeSigned(state.clock.offsetNs());
        out.writeSigned(state.world.totalAt(tracker.nowNs));
        out.writeSigned(tracker.nowNs);
        out.writeUnsigned(requests.nextLocal);
        out.writeUnsigned(requests.notFollowed);
        out.writeSigned(state.meter.heapLiveBytes);
        out.writeSigned(state.meter.heapGoalBytes);
        out.writeUnsigned(state.meter.procs);
        out.writeBoolean(state.meter.marked);
        out.writeUnsigned(state.meter.heapGoals.size());
        state.meter.heapGoals.forEach(point -> {
            out.writeSigned(point.atNs());
            out.writeSigned(point.goalBytes());
        });
        out.writeUnsigned(state.chunks.size());
        state.chunks.forEach(chunk -> write(out, chunk));
        out.writeSigned(state.causes.knownSinceNs);
    }

    private static void write(BinaryWriter out, ChunkRef c) {
        out.writeText(c.topic());
        out.writeSigned(c.partition());
        out.writeSigned(c.offset());
        out.writeText(c.capture());
        out.writeUnsigned(c.generation());
    }

    void read(BinaryReader in) {
        int version = in.readByte();
        if (version != VERSION) {
            throw new CodecException("state of version " + version + ", this is " + VERSION);
        }
        state.capture = in.readText();
        state.lastGeneration = in.readUnsigned();
        for (int i = in.readCount(); i > 0; i--) {
            state.pastCaptures.put(in.readText(), in.readUnsigned());
        }
        state.afterGap = in.readBoolean();
        state.clock.restore(in.readSigned());
        state.world.restore(in.readSigned());
        tracker.nowNs = in.readSigned();
        requests.nextLocal = in.readUnsigned();
        requests.notFollowed = in.readUnsigned();
        state.meter.heapLiveBytes = in.readSigned();
        state.meter.heapGoalBytes = in.readSigned();
        state.meter.procs = (int) in.readUnsigned();
        state.meter.marked = in.readBoolean();
        for (int i = in.readCount(); i > 0; i--) {
            state.meter.heapGoals.addLast(new HeapSeries.Point(in.readSigned(), in.readSigned()));
        }
        for (int i = in.readCount(); i > 0; i--) {
            state.chunk(new ChunkRef(in.readText(), in.readInt(), in.readSigned(), in.readText(), in.readUnsigned()));
        }
        state.causes.knownSinceNs = in.readSigned();
    }
}
