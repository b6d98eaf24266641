package io.unpark.sink.consume;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.StackProfile;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.ProfileRow;
import io.unpark.sink.store.RequestRow;
import io.unpark.sink.store.RouteWindowRow;
import io.unpark.sink.store.RuntimeWindowRow;
import io.unpark.sink.store.SinkBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records as the rows that the consumer makes of them, for tests of what is read from the store. */
public final class TestRows {
    private TestRows() {}

    public static SinkBatch of(
            List<Anomaly> anomalies,
            List<RuntimeWindow> runtime,
            List<RouteWindow> routes,
            List<RequestTrace> requests,
            long arrivedMs)
            throws BadRecordException {
        Map<String, Optional<AnomalyRow>> rows = new LinkedHashMap<>();
        for (Anomaly anomaly : anomalies) {
            rows.put(anomaly.getId(), Optional.of(AnomalyRows.of(anomaly, arrivedMs)));
        }
        var runtimeRows = new ArrayList<RuntimeWindowRow>();
        for (RuntimeWindow window : runtime) {
            runtimeRows.add(WindowRows.of(window, arrivedMs));
        }
        var routeRows = new ArrayList<RouteWindowRow>();
        for (RouteWindow window : routes) {
            routeRows.add(WindowRows.of(window, arrivedMs));
        }
        var requestRows = new ArrayList<RequestRow>();
        for (RequestTrace request : requests) {
            requestRows.add(RequestRows.of(request, arrivedMs));
        }
        return new SinkBatch(List.of(), rows, runtimeRows, routeRows, requestRows);
    }

    public static SinkBatch ofProfiles(List<StackProfile> profiles, long arrivedMs) throws BadRecordException {
        var rows = new ArrayList<ProfileRow>();
        for (StackProfile profile : profiles) {
            rows.add(ProfileRows.of(profile, arrivedMs));
        }
        return new SinkBatch(List.of(), Map.of(), List.of(), List.of(), List.of(), rows, List.of());
    }
}
