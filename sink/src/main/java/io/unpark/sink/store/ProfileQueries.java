package io.unpark.sink.store;

import java.util.Optional;
import java.util.SortedSet;

/** Reads what is kept of blocked time and CPU samples. All methods throw {@link StoreException} when the database fails. */
public interface ProfileQueries {
    /**
     * Whose profiles.
     *
     * @param version of any when empty
     * @param sinceNs event time, nanoseconds since 1970 UTC, and {@code untilNs} likewise; later than it
     */
    record Selection(
            Optional<String> namespace, String service, Optional<String> version, long sinceNs, long untilNs) {}

    /**
     * What was read.
     *
     * @param step how long the profiles were; those that were not rolled up yet are counted as if they were
     * @param sinceNs where the first of them may begin: {@code sinceNs} of the selection, rounded to the step
     * @param truncated there was more than one answer may read: the oldest are left out
     */
    record Coverage(WindowStep step, long sinceNs, boolean truncated) {}

    /** Tells all profiles of a selection, of the finest step that still has all of it and is not too many to read. */
    Coverage read(Selection selection, StackTaker taker);

    /** The versions of what is rolled up to hours, and of profiles since a time; "" is among them when some tell none. */
    SortedSet<String> versions(Optional<String> namespace, String service, long sinceNs);
}
