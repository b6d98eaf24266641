package io.unpark.sink.consume;

/** A record that can never be kept: it is counted, shown and skipped. */
final class BadRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    BadRecordException(String reason) {
        super(reason);
    }

    BadRecordException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
