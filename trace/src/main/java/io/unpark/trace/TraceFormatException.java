package io.unpark.trace;

import java.io.IOException;

/** The one exception that leaves the decoder for a bad input: what was expected, what was found, and where. */
public final class TraceFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why an input is refused; each has its own advice and HTTP status. */
    public enum Reason {
        /** Nothing at all. */
        EMPTY,
        /** Not a Go execution trace. */
        NOT_A_TRACE,
        /** The v1 format of Go 1.11 to 1.21. */
        OLD_FORMAT,
        /** A version of the v2 format that this decoder does not know. */
        UNKNOWN_VERSION,
        /** Ends in the middle. */
        TRUNCATED,
        /** Breaks the format's rules. */
        CORRUPT,
        /** Within the rules, but larger than a limit of ours. */
        LIMIT
    }

    private final Reason reason;
    private final long offset;
    private final long generation;
    private final int completeGenerations;

    /**
     * @param offset byte offset in the input, or -1
     * @param generation generation at hand, or 0
     */
    public TraceFormatException(Reason reason, long offset, long generation, String message) {
        this(reason, offset, generation, 0, message);
    }

    /**
     * @param offset byte offset in the input, or -1
     * @param generation generation at hand, or 0
     * @param completeGenerations how many whole generations of this input came before
     */
    public TraceFormatException(Reason reason, long offset, long generation, int completeGenerations, String message) {
        super(message);
        this.reason = reason;
        this.offset = offset;
        this.generation = generation;
        this.completeGenerations = completeGenerations;
    }

    public Reason reason() {
        return reason;
    }

    public long offset() {
        return offset;
    }

    public long generation() {
        return generation;
    }

    /** Whole generations of this input that came before, and that the caller was given. */
    public int completeGenerations() {
        return completeGenerations;
    }

    /** The same fault, seen at another place of a larger input. */
    TraceFormatException within(long baseOffset, int completeBefore) {
        long moved = offset < 0 ? offset : offset + baseOffset;
        var copy = new TraceFormatException(reason, moved, generation, completeBefore, getMessage());
        copy.setStackTrace(getStackTrace());
        return copy;
    }
}
