package io.unpark.analysis.incident;

import io.unpark.analysis.model.Finding;
import java.util.Iterator;

/**
 * The latest revision of each finding of one anomaly, withdrawn ones too (so that a late, smaller revision cannot bring
 * them back). A map in memory, or a range of a state store.
 */
public interface FindingStore {
    /** The latest revision, or null. */
    Finding get(String findingId);

    /** Replaces the latest revision. */
    void put(Finding finding);

    /** Lets one go, as if it had never come. */
    void remove(String findingId);

    /** One came that is beyond those that are held; for whoever counts. */
    default void passedOver() {}

    /** The greatest id that is held and not greater than {@code atMost}; any when that is empty, null when there is none. */
    String last(String atMost);

    /** All of this anomaly's findings, in the order of their ids. */
    Iterator<Finding> all();
}
