package io.unpark.analysis.order;

/**
 * One chunk that came: a part of one generation of one capture.
 *
 * @param sequence place of the generation within its capture, from 0; equal to {@code generation} when the sender does not know
 * @param part from 0, below {@code parts}
 * @param parts 1 to 64
 * @param last whether the capture ends with this generation; false when not known
 * @param bytes what holding it takes
 * @param offset where it lies, for whoever looks for it
 */
public record Arrival(
        String capture, long sequence, long generation, int part, int parts, boolean last, long bytes, long offset) {
    /** What becomes of a chunk. */
    public enum Fate {
        /** It counts: {@link ArrivalOrder#next} says when its generation is due. */
        TAKEN,
        /** It came before, and has no effect. */
        DUPLICATE,
        /** Its generation was declared missing, or lies after its capture's end: what follows was judged without it. */
        LATE,
        /** Its generation is held in another number of parts. */
        CONTRADICTION
    }
}
