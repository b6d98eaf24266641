package io.unpark.streams;

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
        this(message, cause, earlierValues, "");
    }

    /** @param reason one word for {@link DeadLetters#REASON}, or "" */
    RefusedInputException(String message, Throwable cause, List<byte[]> earlierValues, String reason) {
        super(message, cause);
        this.earlierValues = List.copyOf(earlierValues);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    List<byte[]> earlierValues() {
        return earlierValues;
    }
}
