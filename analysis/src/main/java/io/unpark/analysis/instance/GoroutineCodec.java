package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.trace.GoState;

/** Goroutines as bytes. One that stays parked gives the same bytes each time. */
final class GoroutineCodec {
    private static final GoState[] STATES = GoState.values();

    private final StackRefs stacks;

    GoroutineCodec(StackRefs stacks) {
        this.stacks = stacks;
    }

    void write(BinaryWriter out, Goroutine g) {
        out.writeUnsigned(g.id);
        out.writeSigned(g.creator);
        out.writeSigned(g.createdNs);
        stacks.write(out, g.creation);
        out.writeText(g.start);
        out.writeUnsigned(g.bornInRequest);
        out.writeByte(g.state.ordinal());
        out.writeSigned(g.sinceNs);
        out.writeBoolean(g.sinceAtLeast);
        out.writeText(g.reason);
        stacks.write(out, g.blocked);
        out.writeUnsigned(g.wokenHere);
        out.writeSigned(g.waker);
        stacks.write(out, g.wakerStack);
        out.writeBoolean(g.assisting);
        out.writeBoolean(g.idleMark);
        out.writeBoolean(g.markWorker);
        out.writeSigned(g.cpuLateNs);
        out.writeSigned(g.lateLongestNs);
        stacks.write(out, g.lateStack);
        stacks.write(out, g.lastUserStack);
        out.writeSigned(g.orphanSinceNs);
        out.writeBoolean(g.hadRequest);
    }

    Goroutine read(BinaryReader in) {
        Goroutine g = new Goroutine(in.readUnsigned());
        g.creator = in.readSigned();
        g.createdNs = in.readSigned();
        g.creation = stacks.read(in);
        g.start = in.readText();
        g.bornInRequest = in.readUnsigned();
        g.state = in.readEnum(STATES);
        g.sinceNs = in.readSigned();
        g.sinceAtLeast = in.readBoolean();
        g.reason = in.readText();
        g.blocked = stacks.read(in);
        g.wokenHere = (int) in.readUnsigned();
        g.waker = in.readSigned();
        g.wakerStack = stacks.read(in);
        g.assisting = in.readBoolean();
        g.idleMark = in.readBoolean();
        g.markWorker = in.readBoolean();
        g.cpuLateNs = in.readSigned();
        g.lateLongestNs = in.readSigned();
        g.lateStack = stacks.read(in);
        g.lastUserStack = stacks.read(in);
        g.orphanSinceNs = in.readSigned();
        g.hadRequest = in.readBoolean();
        return g;
    }
}
