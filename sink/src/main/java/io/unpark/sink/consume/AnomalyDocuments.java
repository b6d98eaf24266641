package io.unpark.sink.consume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.schemas.record.Anomaly;

/** An anomaly's record as its JSON, as the API answers it without {@code state}: for those who read the topic without a database. */
public final class AnomalyDocuments {
    private AnomalyDocuments() {}

    /** @throws IllegalArgumentException when the record holds what the contract has no place for */
    public static ObjectNode of(Anomaly record) {
        try {
            return AnomalyRows.document(record);
        } catch (BadRecordException e) {
            throw new IllegalArgumentException("anomaly " + record.getId() + ": " + e.getMessage(), e);
        }
    }
}
