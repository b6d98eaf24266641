package io.unpark.analysis.model;

import java.util.List;

/**
 * A stack, innermost frame first; equal by content. Its hash is made once: stacks are keys everywhere, and of fifty frames
 * that is most of the work of a look-up. Whoever keeps more to a stack may extend it; that does not change what it is equal to.
 */
public class Stack {
    public static final Stack EMPTY = new Stack(List.of());

    private final List<Frame> frames;
    private final int hash;
    private final boolean empty;

    /** A stack of these frames, innermost first. */
    public Stack(List<Frame> frames) {
        this.frames = List.copyOf(frames);
        this.hash = this.frames.hashCode();
        this.empty = this.frames.isEmpty();
    }

    /** Innermost first; cannot be changed. */
    public final List<Frame> frames() {
        return frames;
    }

    public final boolean isEmpty() {
        return empty;
    }

    /** The frames as evidence shows them. */
    public final List<String> display() {
        return frames.stream().map(Frame::display).toList();
    }

    @Override
    public final boolean equals(Object other) {
        return this == other || other instanceof Stack that && hash == that.hash && frames.equals(that.frames);
    }

    @Override
    public final int hashCode() {
        return hash;
    }

    /** Content, in a form that orders stacks the same way in every process. */
    @Override
    public final String toString() {
        return "Stack[frames=" + frames + "]";
    }
}
