package io.unpark.sink.store;

import java.util.List;
import java.util.Optional;

/**
 * What windows add up to, each counted once: of a minute or an hour its roll-up, and what lies below it while that is due. All
 * methods throw {@link StoreException} when the database fails.
 */
public interface WindowSums {
    /** Of all routes of a service together. */
    RouteTotals routes(WindowRange range);

    /** By route, and of the processes. @param version only windows of this one; empty: of all */
    ServiceTotals service(WindowRange range, Optional<String> version);

    /** The versions of a service, the first seen first; windows without a version are those of the version ''. */
    List<VersionSeen> versions(WindowRange range);
}
