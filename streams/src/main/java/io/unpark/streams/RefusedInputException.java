package io.unpark.streams;

import io.unpark.trace.TraceFormatException;
import java.util.List;

/**
 * A record that cannot be processed, whoever tries: it goes to the dead-letter topic and the partition goes on. Thrown
 * only before the first put of a record's processing, because the handler does not undo puts. Everything else that is
 * thrown stops the task, so that the transaction is aborted and the record is tried again.
 */
final class RefusedInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never serialised: it lives between a processor and the handler above it
    private final List<byte[]> earlierValues;

    private final String reason;

    RefusedInputException(String message) {
        this(message, null);
    }

    RefusedInputException(String message, Throwable cause) {
        this(message, cause, List.of());
    }

    /** @param earlierValues values of earlier records that were held for this one and are refused with it */
    RefusedInputException(String message, Throwable cause, List<byte[]> earlierValues) {
        this(message, cause, earlierValues, reason(cause));
    }

    /** @param reason one word for {@link DeadLetters#REASON}; "" for that of the cause */
    RefusedInputException(String message, Throwable cause, List<byte[]> earlierValues, String reason) {
        super(message, cause);
        this.earlierValues = List.copyOf(earlierValues);
        this.reason = reason.isEmpty() ? reason(cause) : reason;
    }

    /** Nothing is made of this record because its detector has a bug: it may be redriven when that is mended. */
    static RefusedInputException ofDetector(String message) {
        return new RefusedInputException(message, null, List.of(), "DETECTOR");
    }

    /** Why in a word, see {@link DeadLetters#REASON}. */
    String reason() {
        return reason;
    }

    private static String reason(Throwable cause) {
        if (cause instanceof RefusedInputException refused) {
            return refused.reason;
        }
        return cause instanceof TraceFormatException broken ? broken.reason().name() : "REFUSED";
    }

    List<byte[]> earlierValues() {
        return earlierValues;
    }
}
