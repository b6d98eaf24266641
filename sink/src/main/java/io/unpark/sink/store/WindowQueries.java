package io.unpark.sink.store;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads services and their windows. All methods throw {@link StoreException} when the database fails. */
public interface WindowQueries {
    /** Every service that anything came from, by name. */
    List<ServiceSummary> services(StateRule rule);

    /** The first {@code limit} of them, or of those after one. */
    List<ServiceSummary> services(StateRule rule, Optional<ServiceName> after, int limit);

    /** When the newest window of a service ends, nanoseconds since 1970 UTC (0: no window yet); empty: no such service. */
    OptionalLong newestWindowEndNs(Optional<String> namespace, String service);

    /** Documents of the newest {@code limit} windows that end at or after {@code sinceNs}, oldest first. */
    List<String> runtimeWindows(Optional<String> namespace, String service, long sinceNs, int limit);

    /** As {@link #runtimeWindows}, by route. */
    List<String> routeWindows(Optional<String> namespace, String service, long sinceNs, int limit);

    /** As {@link #runtimeWindows}, of windows of this step. A rolled up window is there while any of it lies after {@code sinceNs}. */
    List<String> runtimeWindows(WindowStep step, Optional<String> namespace, String service, long sinceNs, int limit);

    /** As {@link #runtimeWindows(WindowStep, Optional, String, long, int)}, by route. */
    List<String> routeWindows(WindowStep step, Optional<String> namespace, String service, long sinceNs, int limit);

    /** The newest {@code limit} windows of this step that end at or after {@code sinceNs}, or of those before one, newest first. */
    List<PlacedWindow> runtimePage(
            WindowStep step,
            Optional<String> namespace,
            String service,
            long sinceNs,
            Optional<WindowPlace> before,
            int limit);

    /** As {@link #runtimePage}, by route. */
    List<PlacedWindow> routePage(
            WindowStep step,
            Optional<String> namespace,
            String service,
            long sinceNs,
            Optional<WindowPlace> before,
            int limit);
}
