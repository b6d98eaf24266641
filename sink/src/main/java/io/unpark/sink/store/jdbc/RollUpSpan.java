package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.ProfileRow;
import io.unpark.sink.store.RouteWindowRow;
import io.unpark.sink.store.RuntimeWindowRow;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.WindowStep;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** One step of one service, from {@code startNs} on (nanoseconds since 1970 UTC, a multiple of the step). */
record RollUpSpan(WindowStep step, long startNs, String namespace, String service) implements Comparable<RollUpSpan> {
    private static final Comparator<RollUpSpan> ORDER = Comparator.comparing(RollUpSpan::step)
            .thenComparingLong(RollUpSpan::startNs)
            .thenComparing(RollUpSpan::namespace)
            .thenComparing(RollUpSpan::service);

    /** The minutes that a batch's windows fall into with their newest arrival, sorted so that writers lock in one order. */
    static Map<RollUpSpan, Long> minutes(SinkBatch batch) {
        Map<RollUpSpan, Long> arrivals = new TreeMap<>();
        for (RuntimeWindowRow row : batch.runtimeWindows()) {
            arrivals.merge(minute(row.endNs(), row.namespace(), row.service()), row.arrivedMs(), Math::max);
        }
        for (RouteWindowRow row : batch.routeWindows()) {
            arrivals.merge(minute(row.endNs(), row.namespace(), row.service()), row.arrivedMs(), Math::max);
        }
        for (ProfileRow row : batch.profiles()) {
            arrivals.merge(minute(row.endNs(), row.namespace(), row.service()), row.arrivedMs(), Math::max);
        }
        return arrivals;
    }

    private static RollUpSpan minute(long endNs, String namespace, String service) {
        return new RollUpSpan(WindowStep.MINUTE, WindowStep.MINUTE.startNs(endNs), namespace, service);
    }

    long endNs() {
        return startNs + step.lengthNs();
    }

    RollUpSpan hour() {
        return new RollUpSpan(WindowStep.HOUR, WindowStep.HOUR.startNs(startNs), namespace, service);
    }

    @Override
    public int compareTo(RollUpSpan other) {
        return ORDER.compare(this, other);
    }
}
