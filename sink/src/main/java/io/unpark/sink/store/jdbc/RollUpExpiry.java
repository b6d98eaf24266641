package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.RollUpRetention;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.WindowStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Deletes windows and roll-ups that are past their retention. */
final class RollUpExpiry {
    private static final int SPANS_AT_ONCE = 500;
    private static final List<String> WINDOWS = List.of("runtime_windows", "route_windows", "profiles");
    private static final List<String> ROLL_UPS =
            List.of("runtime_rollups", "route_rollups", "service_rollups", "profile_rollups");

    private final Database database;

    RollUpExpiry(Database database) {
        this.database = database;
    }

    /** As {@link RollUps#expire}. */
    int run(long nowMs, RollUpRetention retention, BooleanSupplier goOn) {
        long minutesBeforeMs = nowMs - retention.minutes().toMillis();
        long hoursBeforeMs = nowMs - retention.hours().toMillis();
        int sealed = seal(WindowStep.MINUTE, nowMs - retention.raw().toMillis(), goOn)
                + seal(WindowStep.HOUR, minutesBeforeMs, goOn);
        dropHours(hoursBeforeMs, goOn);
        database.<Void, StoreException>transaction("forgetting minutes", connection -> {
            RollUpSpans.forget(connection, WindowStep.MINUTE, minutesBeforeMs);
            return null;
        });
        return sealed;
    }

    private int seal(WindowStep step, long beforeMs, BooleanSupplier goOn) {
        int count = 0;
        for (boolean again : new boolean[] {false, true}) {
            List<RollUpSpan> expired;
            do {
                expired = RollUpSpans.expired(database, step, beforeMs, again, SPANS_AT_ONCE);
                for (RollUpSpan span : expired) {
                    if (!goOn.getAsBoolean()) {
                        return count;
                    }
                    count += seal(span, beforeMs) ? 1 : 0;
                }
            } while (expired.size() == SPANS_AT_ONCE);
        }
        return count;
    }

    private boolean seal(RollUpSpan span, long beforeMs) {
        return database.<Boolean, StoreException>transaction("deleting windows past their retention", connection -> {
            if (!RollUpSpans.seal(connection, span, beforeMs)) {
                return false;
            }
            if (span.step() == WindowStep.MINUTE) {
                deleteWindows(connection, span);
            } else {
                deleteRows(connection, WindowStep.MINUTE, span);
            }
            return true;
        });
    }

    private static void deleteWindows(Connection connection, RollUpSpan span) throws SQLException {
        for (String table : WINDOWS) {
            Database.update(
                    connection,
                    "DELETE FROM " + table + " WHERE service = ? AND namespace = ? AND end_ns >= ? AND end_ns < ?",
                    span.service(),
                    span.namespace(),
                    span.startNs(),
                    span.endNs());
        }
    }

    private void dropHours(long beforeMs, BooleanSupplier goOn) {
        // What is left after so many goes at the next call.
        List<RollUpSpan> old = RollUpSpans.sealed(database, WindowStep.HOUR, beforeMs, SPANS_AT_ONCE);
        for (RollUpSpan span : old) {
            if (!goOn.getAsBoolean()) {
                return;
            }
            database.<Void, StoreException>transaction("deleting hours past their retention", connection -> {
                if (RollUpSpans.forget(connection, span, beforeMs)) {
                    deleteRows(connection, WindowStep.HOUR, span);
                }
                return null;
            });
        }
    }

    /** Deletes the rolled up rows of a step within a span. */
    static void deleteRows(Connection connection, WindowStep step, RollUpSpan span) throws SQLException {
        for (String table : ROLL_UPS) {
            Database.update(
                    connection,
                    "DELETE FROM " + table
                            + " WHERE service = ? AND namespace = ? AND step_s = ? AND start_ns >= ? AND start_ns < ?",
                    span.service(),
                    span.namespace(),
                    step.seconds(),
                    span.startNs(),
                    span.endNs());
        }
    }
}
