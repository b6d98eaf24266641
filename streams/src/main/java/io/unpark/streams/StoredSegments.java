package io.unpark.streams;

import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.request.RequestSet;
import io.unpark.schemas.registry.StateSerde;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The segments of requests in a store, an entry each, so that a segment that arrives rewrites nothing but itself. */
final class StoredSegments {
    /** Ends the request id, which for requests without a trace id holds slashes; an id that has it is refused. */
    static final char SEPARATOR = '\0';

    /** How a segment lies there. */
    static final StateSerde<io.unpark.schemas.record.RequestSegment> STATES =
            new StateSerde<>(io.unpark.schemas.record.RequestSegment.class);

    private final KeyValueStore<String, byte[]> store;

    /** @param store request id, NUL, hash of instance and segment id */
    StoredSegments(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    RecentRequests.Held load(String requestId, AnalysisSettings analysis) {
        List<RequestSegment> segments = new ArrayList<>();
        long bytes = 0;
        try (var entries = scan(requestId)) {
            while (entries.hasNext()) {
                byte[] value = entries.next().value;
                segments.add(toDomain(value));
                bytes += value.length;
            }
        }
        return new RecentRequests.Held(set(segments, analysis), bytes);
    }

    private static RequestSegment toDomain(byte[] state) {
        return SegmentMapper.toDomain(STATES.deserializer().deserialize("", state));
    }

    /** Of a request of which nothing is stored. */
    static RecentRequests.Held none(AnalysisSettings analysis) {
        return new RecentRequests.Held(set(List.of(), analysis), 0);
    }

    private static RequestSet set(List<RequestSegment> segments, AnalysisSettings analysis) {
        return new RequestSet(analysis.requestRules(), segments, 0, analysis.joiner(), analysis.faults());
    }

    /** @param value as {@link #STATES} reads it */
    void put(RequestSegment segment, byte[] value) {
        String part = Ids.hash(Ids.subject(segment.instance()), segment.segmentId());
        store.put(segment.requestId() + SEPARATOR + part, value);
    }

    void deleteAll(String requestId) {
        List<String> keys = new ArrayList<>();
        try (var entries = scan(requestId)) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(store::delete);
    }

    private KeyValueIterator<String, byte[]> scan(String requestId) {
        return store.prefixScan(requestId + SEPARATOR, new StringSerializer());
    }
}
