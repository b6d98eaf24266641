package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.trace.GoState;
import java.util.List;

/**
 * Goroutines as bytes. One that stays parked gives the same bytes each time; and few of them, since a process may have
 * 100,000: what most goroutines do not have is a bit that is not set.
 */
final class GoroutineCodec {
    private static final GoState[] STATES = GoState.values();

    /** The usual wait reasons (Go 1.26, internal/trace) by number; 0 is for those that are written out. */
    private static final List<String> REASONS = List.of(
            "*", "", "chan receive", "chan send", "select", "sync", "network", "sleep", "forever", "system goroutine");

    private static final int AT_LEAST = 1;
    private static final int ASSISTING = 1 << 1;
    private static final int IDLE_MARK = 1 << 2;
    private static final int MARK_WORKER = 1 << 3;
    private static final int UNDECIDED = 1 << 4;
    private static final int CREATED = 1 << 5;
    private static final int ORPHAN = 1 << 6;
    private static final int LATE = 1 << 7;

    /** The start function is the outermost frame of the place where it waits, as it mostly is. */
    private static final int STARTED_AT_PLACE = 1 << 8;

    private static final int ANSWERED = 1 << 9;
    private static final int STEPS = 1 << 10;
    private static final int IN_CALL = 1 << 11;
    private static final int RAN_FOR_REQUEST = 1 << 12;
    private static final int SERVED = 1 << 13;

    private final StackRefs stacks;
    private final CauseCodec causes;

    GoroutineCodec(StackRefs stacks, CauseCodec causes) {
        this.stacks = stacks;
        this.causes = causes;
    }

    void write(BinaryWriter out, Goroutine g) {
        int flags = flags(g);
        out.writeUnsigned(g.id);
        out.writeUnsigned(flags);
        out.writeByte(g.state.ordinal());
        writeReason(out, g.reason);
        stacks.write(out, g.blocked);
        if ((flags & STARTED_AT_PLACE) == 0) {
            out.writeText(g.start);
        }
        if (g.created()) {
            out.writeSigned(g.createdNs);
        }
        out.writeSigned(g.sinceNs - base(g));
        out.writeSigned(g.creator);
        stacks.write(out, g.creation);
        out.writeUnsigned(g.bornInRequest);
        out.writeUnsigned(g.wokenHere);
        out.writeSigned(g.waker);
        stacks.write(out, g.wakerStack);
        stacks.write(out, g.lastUserStack);
        out.writeUnsigned(g.timerWakes);
        out.writeUnsigned(g.servedWakes);
        out.writeUnsigned(g.children);
        if (g.children > 0) {
            out.writeSigned(g.lastChildNs);
        }
        out.writeUnsigned(g.elderSiblings);
        if ((flags & LATE) != 0) {
            out.writeSigned(g.cpuLateNs);
            out.writeSigned(g.lateLongestNs);
            stacks.write(out, g.lateStack);
        }
        if ((flags & ORPHAN) != 0) {
            out.writeSigned(g.orphanSinceNs);
        }
        if ((flags & STEPS) != 0) {
            causes.write(out, g.steps, g.sinceNs);
        }
        if ((flags & IN_CALL) != 0) {
            out.writeText(g.callSpan);
        }
        if ((flags & RAN_FOR_REQUEST) != 0) {
            out.writeSigned(g.cpuForRequestNs);
        }
        if ((flags & SERVED) != 0) {
            g.served.write(out, stacks);
        }
    }

    Goroutine read(BinaryReader in) {
        Goroutine g = new Goroutine(in.readUnsigned());
        int flags = (int) in.readUnsigned();
        g.sinceAtLeast = (flags & AT_LEAST) != 0;
        g.assisting = (flags & ASSISTING) != 0;
        g.idleMark = (flags & IDLE_MARK) != 0;
        g.markWorker = (flags & MARK_WORKER) != 0;
        g.undecided = (flags & UNDECIDED) != 0;
        g.answered = (flags & ANSWERED) != 0;
        g.state = in.readEnum(STATES);
        g.reason = readReason(in);
        g.blocked = stacks.read(in);
        g.start = (flags & STARTED_AT_PLACE) != 0 ? outermost(g.blocked) : in.readText();
        g.createdNs = (flags & CREATED) != 0 ? in.readSigned() : Goroutine.UNKNOWN_NS;
        g.sinceNs = in.readSigned() + base(g);
        g.creator = in.readSigned();
        g.creation = stacks.read(in);
        g.bornInRequest = in.readUnsigned();
        g.wokenHere = (int) in.readUnsigned();
        g.waker = in.readSigned();
        g.wakerStack = stacks.read(in);
        g.lastUserStack = stacks.read(in);
        g.timerWakes = (int) in.readUnsigned();
        g.servedWakes = (int) in.readUnsigned();
        g.children = (int) in.readUnsigned();
        g.lastChildNs = g.children > 0 ? in.readSigned() : Goroutine.UNKNOWN_NS;
        g.elderSiblings = (int) in.readUnsigned();
        if ((flags & LATE) != 0) {
            g.cpuLateNs = in.readSigned();
            g.lateLongestNs = in.readSigned();
            g.lateStack = stacks.read(in);
        }
        g.orphanSinceNs = (flags & ORPHAN) != 0 ? in.readSigned() : Goroutine.UNKNOWN_NS;
        g.steps = (flags & STEPS) != 0 ? causes.readSteps(in, g.sinceNs) : null;
        g.callSpan = (flags & IN_CALL) != 0 ? in.readText() : "";
        g.cpuForRequestNs = (flags & RAN_FOR_REQUEST) != 0 ? in.readSigned() : 0;
        g.served = (flags & SERVED) != 0 ? ServedPlaces.read(in, stacks) : null;
        return g;
    }

    private static int flags(Goroutine g) {
        boolean late = g.cpuLateNs != 0 || g.lateLongestNs != 0 || !g.lateStack.isEmpty();
        return (g.sinceAtLeast ? AT_LEAST : 0)
                | (g.assisting ? ASSISTING : 0)
                | (g.idleMark ? IDLE_MARK : 0)
                | (g.markWorker ? MARK_WORKER : 0)
                | (g.undecided ? UNDECIDED : 0)
                | (g.answered ? ANSWERED : 0)
                | (g.created() ? CREATED : 0)
                | (g.orphanSinceNs != Goroutine.UNKNOWN_NS ? ORPHAN : 0)
                | (late ? LATE : 0)
                | (g.steps != null ? STEPS : 0)
                | (g.callSpan.isEmpty() ? 0 : IN_CALL)
                | (g.request != null && g.cpuForRequestNs != 0 ? RAN_FOR_REQUEST : 0)
                | (g.served != null ? SERVED : 0)
                | (outermost(g.blocked).equals(g.start) ? STARTED_AT_PLACE : 0);
    }

    /** Most goroutines have been in their state since soon after their birth. */
    private static long base(Goroutine g) {
        return g.created() ? g.createdNs : 0;
    }

    private static String outermost(Stack stack) {
        List<Frame> frames = stack.frames();
        return frames.isEmpty() ? "" : frames.get(frames.size() - 1).function();
    }

    static void writeReason(BinaryWriter out, String reason) {
        int known = Math.max(0, REASONS.indexOf(reason));
        out.writeByte(known);
        if (known == 0) {
            out.writeText(reason);
        }
    }

    static String readReason(BinaryReader in) {
        int known = in.readByte();
        return known > 0 && known < REASONS.size() ? REASONS.get(known) : in.readText();
    }
}
