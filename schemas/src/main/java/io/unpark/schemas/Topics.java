package io.unpark.schemas;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Finding;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.RequestSegment;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.StackProfile;
import io.unpark.schemas.record.TraceChunk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The topic table. The page about the topics, their creation and the check of a cluster all read it. */
public final class Topics {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final String BY_INSTANCE = "namespace/service/instance, see InstanceKey";
    private static final String BY_REQUEST = "trace id, or instance key and local id";
    private static final String AS_REFUSED = "the refused record's key, as it came";

    /** Generations of up to this many bytes travel as one record; larger ones are split into parts. */
    public static final int MAX_CHUNK_PAYLOAD_BYTES = 4 * MIB;

    /** A profile, in gzip, is at most so large. */
    public static final int MAX_PROFILE_BYTES = 4 * MIB;

    /** A producer that writes to any of the topics needs {@code max.request.size} of at least this. */
    public static final int MAX_REQUEST_BYTES = 6 * MIB;

    /** The codec of all topics: one producer writes to several, and the broker should not compress again. */
    public static final String COMPRESSION = "zstd";

    /** Default partitions of every topic but the dead-letter ones. */
    public static final int DEFAULT_PARTITIONS = 6;

    /** Generations of traces, undecoded. */
    public static final Topic<String, TraceChunk> TRACE_CHUNKS =
            records("go-trace-chunks", BY_INSTANCE, TraceChunk.class, Duration.ofDays(1), 5 * MIB);

    /** Reports of the race detector. Partitioned as {@link #TRACE_CHUNKS}, so that one task sees all of an instance. */
    public static final Topic<String, RaceReport> RACE_REPORTS =
            records("go-race-reports", BY_INSTANCE, RaceReport.class, Duration.ofDays(30), MIB);

    /** Profiles of heaps and goroutines. Partitioned as {@link #TRACE_CHUNKS}, as they join what traces tell. */
    public static final Topic<String, ProfileSnapshot> PROFILE_SNAPSHOTS =
            records("go-profile-snapshots", BY_INSTANCE, ProfileSnapshot.class, Duration.ofDays(7), 5 * MIB);

    /** One service's parts of requests. */
    public static final Topic<String, RequestSegment> REQUEST_SEGMENTS =
            records("go-request-segments", BY_REQUEST, RequestSegment.class, Duration.ofDays(1), 512 * KIB);

    /** Generations of instances, summed up. */
    public static final Topic<String, RuntimeWindow> RUNTIME_WINDOWS =
            records("go-runtime-windows", BY_INSTANCE, RuntimeWindow.class, Duration.ofDays(7), 512 * KIB);

    /** Routes of instances by generation. */
    public static final Topic<String, RouteWindow> ROUTE_WINDOWS =
            records("go-route-windows", BY_INSTANCE, RouteWindow.class, Duration.ofDays(7), 512 * KIB);

    /** Blocked time and CPU samples by stack. */
    public static final Topic<String, StackProfile> PROFILES =
            records("go-profiles", BY_INSTANCE, StackProfile.class, Duration.ofDays(3), MIB);

    /** Joined requests: up to 64 segments. */
    public static final Topic<String, RequestTrace> REQUESTS =
            records("go-requests", BY_REQUEST, RequestTrace.class, Duration.ofDays(7), MIB);

    /** Judgements, revisable. */
    public static final Topic<String, Finding> FINDINGS =
            records("go-findings", "anomaly id (the fingerprint)", Finding.class, Duration.ofDays(30), 512 * KIB);

    /** Findings of one fingerprint, folded: the newest of each id. */
    public static final Topic<String, Anomaly> ANOMALIES = new Topic<>(
            "go-anomalies",
            "anomaly id (the fingerprint)",
            String.class,
            Anomaly.class,
            DEFAULT_PARTITIONS,
            CleanupPolicy.COMPACT,
            Duration.ofDays(7),
            512 * KIB,
            COMPRESSION);

    /** Refused {@link #TRACE_CHUNKS}. Larger than its source's maximum, because the error's headers come on top. */
    public static final Topic<byte[], byte[]> TRACE_CHUNKS_DLQ = deadLetters("go-trace-chunks-dlq", MAX_REQUEST_BYTES);

    /** Refused {@link #RACE_REPORTS}. */
    public static final Topic<byte[], byte[]> RACE_REPORTS_DLQ = deadLetters("go-race-reports-dlq", 2 * MIB);

    /** Refused {@link #PROFILE_SNAPSHOTS}. */
    public static final Topic<byte[], byte[]> PROFILE_SNAPSHOTS_DLQ =
            deadLetters("go-profile-snapshots-dlq", MAX_REQUEST_BYTES);

    /** Refused {@link #REQUEST_SEGMENTS}. */
    public static final Topic<byte[], byte[]> REQUEST_SEGMENTS_DLQ = deadLetters("go-request-segments-dlq", MIB);

    /** Refused {@link #FINDINGS}. */
    public static final Topic<byte[], byte[]> FINDINGS_DLQ = deadLetters("go-findings-dlq", MIB);

    private static final List<Topic<?, ?>> ALL = List.of(
            TRACE_CHUNKS,
            RACE_REPORTS,
            PROFILE_SNAPSHOTS,
            REQUEST_SEGMENTS,
            RUNTIME_WINDOWS,
            ROUTE_WINDOWS,
            PROFILES,
            REQUESTS,
            FINDINGS,
            ANOMALIES,
            TRACE_CHUNKS_DLQ,
            RACE_REPORTS_DLQ,
            PROFILE_SNAPSHOTS_DLQ,
            REQUEST_SEGMENTS_DLQ,
            FINDINGS_DLQ);

    private static final Map<String, Topic<byte[], byte[]>> DEAD_LETTERS = Map.of(
            TRACE_CHUNKS.name(), TRACE_CHUNKS_DLQ,
            RACE_REPORTS.name(), RACE_REPORTS_DLQ,
            PROFILE_SNAPSHOTS.name(), PROFILE_SNAPSHOTS_DLQ,
            REQUEST_SEGMENTS.name(), REQUEST_SEGMENTS_DLQ,
            FINDINGS.name(), FINDINGS_DLQ);

    private Topics() {}

    /** Every topic, inputs first, dead-letter topics last. */
    public static List<Topic<?, ?>> all() {
        return ALL;
    }

    /** The topic with this name, without prefix. */
    public static Optional<Topic<?, ?>> find(String name) {
        return ALL.stream().filter(topic -> topic.name().equals(name)).findFirst();
    }

    /** Where refused records go that the topologies read; empty for a topic that they only write. */
    public static Optional<Topic<byte[], byte[]>> deadLettersOf(Topic<?, ?> input) {
        return Optional.ofNullable(DEAD_LETTERS.get(input.name()));
    }

    /** The dead-letter topics, in the table's order. */
    public static List<Topic<byte[], byte[]>> deadLetters() {
        return List.of(TRACE_CHUNKS_DLQ, RACE_REPORTS_DLQ, PROFILE_SNAPSHOTS_DLQ, REQUEST_SEGMENTS_DLQ, FINDINGS_DLQ);
    }

    /** The topic whose refused records lie on a dead-letter topic; empty for any other topic. */
    public static Optional<Topic<?, ?>> originOf(Topic<?, ?> deadLetters) {
        return DEAD_LETTERS.entrySet().stream()
                .filter(entry -> entry.getValue().name().equals(deadLetters.name()))
                .findFirst()
                .flatMap(entry -> find(entry.getKey()));
    }

    private static <V> Topic<String, V> records(
            String name, String key, Class<V> valueClass, Duration retention, int maxMessageBytes) {
        return new Topic<>(
                name,
                key,
                String.class,
                valueClass,
                DEFAULT_PARTITIONS,
                CleanupPolicy.DELETE,
                retention,
                maxMessageBytes,
                COMPRESSION);
    }

    private static Topic<byte[], byte[]> deadLetters(String name, int maxMessageBytes) {
        return new Topic<>(
                name,
                AS_REFUSED,
                byte[].class,
                byte[].class,
                1,
                CleanupPolicy.DELETE,
                Duration.ofDays(14),
                maxMessageBytes,
                COMPRESSION);
    }
}
