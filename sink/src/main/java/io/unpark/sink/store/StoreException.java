package io.unpark.sink.store;

import java.sql.SQLException;

/** The database did not answer, or refused. Nothing of the failed transaction was kept; it may be tried again. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String what, Throwable cause) {
        super(what + ": " + cause.getMessage(), cause);
    }

    /** Whether the database refuses a value (SQL state 22): trying the same again is of no use. */
    public boolean refusesValue() {
        return getCause() instanceof SQLException e
                && e.getSQLState() != null
                && e.getSQLState().startsWith("22");
    }
}
