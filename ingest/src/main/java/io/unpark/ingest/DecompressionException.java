package io.unpark.ingest;

import java.io.IOException;

/** A compressed or plain input that cannot be read to its end; what came before the fault was good. */
public final class DecompressionException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** More bytes than the limit, or a ratio that only made-up data has. */
        TOO_LARGE,
        /** Compressed in a way that is recognised but not understood. */
        UNSUPPORTED,
        /** Ends in the middle. */
        TRUNCATED,
        /** Breaks the rules of its compression. */
        CORRUPT
    }

    private final Reason reason;

    DecompressionException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    DecompressionException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
