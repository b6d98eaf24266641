package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;

/** Steps of goroutines and causes of requests as bytes. */
final class CauseCodec {
    private static final HopKind[] KINDS = HopKind.values();

    private final StackRefs stacks;
    private final Shape.Cache shapes;

    CauseCodec(StackRefs stacks, Shape.Cache shapes) {
        this.stacks = stacks;
        this.shapes = shapes;
    }

    /** Times are written from {@code baseNs}, the goroutine's present. */
    void write(BinaryWriter out, StepRing steps, long baseNs) {
        out.writeUnsigned(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            out.writeByte(steps.kind(i).ordinal());
            out.writeBoolean(steps.isMixed(i));
            out.writeSigned(baseNs - steps.fromNs(i));
            out.writeUnsigned(steps.toNs(i) - steps.fromNs(i));
            out.writeUnsigned(steps.dominantNs(i));
            stacks.write(out, steps.stack(i));
            GoroutineCodec.writeReason(out, steps.reason(i));
            out.writeText(steps.span(i));
            out.writeSigned(steps.other(i));
            stacks.write(out, steps.otherStack(i));
        }
    }

    StepRing readSteps(BinaryReader in, long baseNs) {
        StepRing steps = new StepRing();
        int size = in.readCount();
        if (size > StepRing.CAPACITY) {
            throw new CodecException(size + " steps of a goroutine");
        }
        for (int i = 0; i < size; i++) {
            HopKind kind = in.readEnum(KINDS);
            boolean mixed = in.readBoolean();
            long fromNs = baseNs - in.readSigned();
            long toNs = fromNs + in.readUnsigned();
            steps.append(
                    kind,
                    mixed,
                    fromNs,
                    toNs,
                    in.readUnsigned(),
                    stacks.read(in),
                    GoroutineCodec.readReason(in),
                    in.readText(),
                    in.readSigned(),
                    stacks.read(in));
        }
        return steps;
    }

    void write(BinaryWriter out, CauseTree tree) {
        out.writeSigned(tree.markNs);
        out.writeSigned(tree.stwMark);
        out.writeUnsigned(tree.nodes.size());
        for (CauseTree.Node n : tree.nodes) {
            out.writeSigned(n.parent);
            out.writeByte(n.kind.ordinal());
            GoroutineCodec.writeReason(out, n.reason);
            stacks.write(out, n.stack);
            out.writeText(n.span);
            out.writeSigned(n.goroutine);
            out.writeText(n.otherRoute);
            out.writeText(n.otherRequest);
            stacks.write(out, n.wakerStack);
            out.writeSigned(tree.markNs - n.startNs);
            out.writeUnsigned(n.ns);
            out.writeUnsigned(n.count);
            out.writeBoolean(n.partial);
        }
    }

    void read(BinaryReader in, CauseTree tree) {
        tree.markNs = in.readSigned();
        tree.stwMark = in.readSigned();
        for (int left = in.readCount(); left > 0; left--) {
            long parent = in.readSigned();
            if (parent < CauseTree.TOP || parent >= tree.nodes.size()) {
                throw new CodecException("a cause below number " + parent);
            }
            tree.nodes.add(readNode(in, (int) parent, tree.markNs));
        }
    }

    private CauseTree.Node readNode(BinaryReader in, int parent, long baseNs) {
        HopKind kind = in.readEnum(KINDS);
        String reason = GoroutineCodec.readReason(in);
        var stack = stacks.read(in);
        Frame line = shapes.of(stack).userLine();
        CauseTree.Node n =
                new CauseTree.Node(parent, kind, reason, stack, line == null ? "" : line.function(), in.readText());
        n.goroutine = in.readSigned();
        n.otherRoute = in.readText();
        n.otherRequest = in.readText();
        n.wakerStack = stacks.read(in);
        n.startNs = baseNs - in.readSigned();
        n.ns = in.readUnsigned();
        n.count = in.readUnsigned();
        n.partial = in.readBoolean();
        return n;
    }
}
