package io.unpark.analysis.order;

/**
 * What is to be done now, in this order. A lane is a correlator that gets captures one after the other; captures that are open
 * at the same time are in different lanes, so that none cuts the other short.
 */
public sealed interface Step {
    /** Number of the lane, unique within the instance, small. */
    int lane();

    /**
     * A generation is whole and its turn has come.
     *
     * @param firstOffset smallest of its parts
     */
    record Judge(int lane, String capture, long generation, int parts, long firstOffset) implements Step {}

    /**
     * Generations that never came; the next of the capture is after a gap.
     *
     * @param forced because of a limit, or since nothing came for long: not by the generations' numbers
     */
    record Missing(int lane, String capture, long from, long count, boolean forced) implements Step {}

    /**
     * A generation of which parts are held, and others never came.
     *
     * @param present bit i stands for part i
     */
    record GiveUp(int lane, String capture, long generation, int parts, long present, long firstOffset, boolean forced)
            implements Step {}

    /** The lane is needed no more: too many captures were open, and nothing had come for this one for longest. */
    record CloseLane(int lane) implements Step {}
}
