package io.unpark.app.allinone;

import io.unpark.sink.Sink;
import io.unpark.sink.store.AnomalyFilter;
import io.unpark.sink.store.StoredAnomaly;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the sink's listing to its end. */
public final class StoredAnomalies {
    private static final int PAGE = 500;

    private StoredAnomalies() {}

    /** Documents of all anomalies, in the contract's JSON without {@code state}. */
    public static List<String> all(Sink sink, boolean withPossible) {
        List<String> documents = new ArrayList<>();
        long before = Long.MAX_VALUE;
        List<StoredAnomaly> page;
        do {
            page = sink.anomalies().list(filter(before, withPossible), sink.stateRule());
            page.forEach(anomaly -> documents.add(anomaly.document()));
            before = page.isEmpty() ? before : page.get(page.size() - 1).seq();
        } while (page.size() == PAGE);
        return documents;
    }

    private static AnomalyFilter filter(long beforeSeq, boolean withPossible) {
        return new AnomalyFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Long.MIN_VALUE,
                withPossible,
                beforeSeq,
                PAGE);
    }
}
