package io.unpark.sink.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What windows add up to, each counted once: of a minute or an hour its roll-up, and what lies below it while that is due. All
 * methods throw {@link StoreException} when the database fails.
 */
public interface WindowSums {
    /** Of all routes of a service together. */
    RouteTotals routes(WindowRange range);

    /**
     * Of all routes of each service together, as far as they are rolled up: what came last may not be in it for a minute.
     *
     * @param step minutes or hours
     * @param sinceNs those that begin from here on, nanoseconds since 1970 UTC, and {@code untilNs} before here
     * @param documentsMax so many are read, the newest; where there are more, all services are said to be truncated
     */
    Map<ServiceName, RouteTotals> routes(WindowStep step, long sinceNs, long untilNs, int documentsMax);

    /** By route, and of the processes. @param version only windows of this one; empty: of all */
    ServiceTotals service(WindowRange range, Optional<String> version);

    /** The versions of a service, the first seen first; windows without a version are those of the version ''. */
    List<VersionSeen> versions(WindowRange range);
}
