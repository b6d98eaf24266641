package io.unpark.trace.pprof;

import java.io.IOException;

/** The one exception that leaves the reader of profiles for a bad input: what was expected, what was found, and where. */
public final class PprofFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why an input is refused. */
    public enum Reason {
        /** Nothing at all. */
        EMPTY,
        /** Whole, but no profile, or one that Go's runtime does not write. */
        NOT_A_PROFILE,
        /** Ends in the middle. */
        TRUNCATED,
        /** Breaks the format's rules. */
        CORRUPT,
        /** Within the rules, but larger than a limit of ours. */
        LIMIT
    }

    private final Reason reason;
    private final long offset;

    /** @param offset byte offset in the plain input, or -1 */
    public PprofFormatException(Reason reason, long offset, String message) {
        super(offset < 0 ? message : message + " (at byte " + offset + " of the profile)");
        this.reason = reason;
        this.offset = offset;
    }

    public Reason reason() {
        return reason;
    }

    /** Byte offset in the plain input, or -1 where there is none to tell. */
    public long offset() {
        return offset;
    }
}
