package io.unpark.sink.store;

/** The database did not answer, or refused. Nothing of the failed transaction was kept; it may be tried again. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String what, Throwable cause) {
        super(what + ": " + cause.getMessage(), cause);
    }
}
