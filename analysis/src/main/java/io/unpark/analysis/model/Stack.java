package io.unpark.analysis.model;

import java.util.List;

/** A stack, innermost frame first; equal by content. */
public record Stack(List<Frame> frames) {
    public static final Stack EMPTY = new Stack(List.of());

    public Stack {
        frames = List.copyOf(frames);
    }

    public boolean isEmpty() {
        return frames.isEmpty();
    }

    /** The frames as evidence shows them. */
    public List<String> display() {
        return frames.stream().map(Frame::display).toList();
    }
}
