package io.unpark.app.roles;

import io.unpark.app.console.UserError;
import io.unpark.sink.store.StoreException;

/** What a user is told of a database that cannot be opened. */
public final class DatabaseFault {
    private DatabaseFault() {}

    /** @param next what to do about it */
    public static UserError error(StoreException e, String next) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return UserError.environment(
                "cannot open the database: " + text.lines().findFirst().orElse(text) + "; " + next);
    }
}
