package io.unpark.schemas;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What each role must be allowed on a cluster with access control, made from the topic table: a topic that is added there is in
 * these lists. Names of groups are those that the roles take by default.
 */
public final class Access {
    /** Group, internal topics and transactional ids of the topologies begin with it, after the prefix. */
    public static final String STREAM_GROUP = "unpark";

    /** Group of the sink, after the prefix. */
    public static final String SINK_GROUP = "unpark-sink";

    /** Group of a reader of the results begins with it, after the prefix. */
    public static final String READER_GROUP = "unpark-reader";

    private static final String DOCTOR = "unpark-doctor";
    private static final String REDRIVE = "unpark-dlq-redrive";
    private static final String REPLAY = "replay-";

    /** Between the topologies: written and read by them. */
    private static final List<Topic<?, ?>> BETWEEN = List.of(Topics.REQUEST_SEGMENTS, Topics.FINDINGS);

    /** What becomes rows; and chunks, for slices of traces. */
    private static final List<Topic<?, ?>> STORED = List.of(
            Topics.ANOMALIES,
            Topics.REQUESTS,
            Topics.RUNTIME_WINDOWS,
            Topics.ROUTE_WINDOWS,
            Topics.PROFILES,
            Topics.TRACE_CHUNKS);

    private final TopicLayout layout;
    private final List<Permission> permissions = new ArrayList<>();

    private Access(TopicLayout layout) {
        this.layout = layout;
    }

    /** The least that the role works with, on topics that are there already; in the table's order. */
    public static List<Permission> of(Role role, TopicLayout layout) {
        Access access = new Access(layout);
        switch (role) {
            case COLLECT -> access.collect();
            case STREAM -> access.stream();
            case SINK -> access.sink();
            case TOPICS -> access.topics();
            case DOCTOR -> access.doctor();
            case DLQ -> access.deadLetters();
            case REPLAY -> access.replay();
            case READER -> access.reader();
        }
        return List.copyOf(access.permissions);
    }

    /** What comes from outside: the topologies refuse some of it, so it has dead letters. */
    static List<Topic<?, ?>> inputs() {
        return Topics.all().stream()
                .filter(topic -> Topics.deadLettersOf(topic).isPresent() && !BETWEEN.contains(topic))
                .toList();
    }

    private void collect() {
        inputs().forEach(topic -> on(topic, WRITE));
        on(Topics.TRACE_CHUNKS_DLQ, WRITE); // traces of a Go version that is not known yet
    }

    private void stream() {
        List<Topic<?, ?>> inputs = inputs();
        for (Topic<?, ?> topic : Topics.all()) {
            if (inputs.contains(topic)) {
                on(topic, READ);
            } else if (BETWEEN.contains(topic)) {
                on(topic, READ, WRITE);
            } else {
                on(topic, WRITE);
            }
        }
        group(STREAM_GROUP, READ);
        beginning(ResourceType.TOPIC, STREAM_GROUP + "-", CREATE, READ, WRITE);
        beginning(ResourceType.TRANSACTIONAL_ID, STREAM_GROUP + "-", WRITE);
    }

    private void sink() {
        STORED.forEach(topic -> on(topic, READ));
        group(SINK_GROUP, READ);
    }

    private void topics() {
        Topics.all().forEach(topic -> on(topic, CREATE, DESCRIBE, DESCRIBE_CONFIGS));
    }

    private void doctor() {
        Topics.all().forEach(topic -> on(topic, DESCRIBE, DESCRIBE_CONFIGS));
        add(ResourceType.CLUSTER, PatternType.LITERAL, Resource.CLUSTER_NAME, DESCRIBE_CONFIGS);
        add(ResourceType.TRANSACTIONAL_ID, PatternType.LITERAL, layout.prefix() + DOCTOR, WRITE);
    }

    /** To list, show and redrive. */
    private void deadLetters() {
        for (Topic<byte[], byte[]> letters : Topics.deadLetters()) {
            on(letters, READ);
            Topics.originOf(letters).ifPresent(origin -> on(origin, WRITE));
        }
        // Its progress: a group of this name, and a transaction that commits it.
        group(REDRIVE, READ);
        add(ResourceType.TRANSACTIONAL_ID, PatternType.LITERAL, layout.prefix() + REDRIVE, WRITE);
    }

    private void replay() {
        inputs().forEach(topic -> on(topic, READ));
        beginning(ResourceType.TOPIC, REPLAY, CREATE, READ, WRITE, DELETE);
        beginning(ResourceType.GROUP, REPLAY, READ, DELETE);
        beginning(ResourceType.TRANSACTIONAL_ID, REPLAY, WRITE);
    }

    private void reader() {
        on(Topics.FINDINGS, READ);
        on(Topics.ANOMALIES, READ);
        beginning(ResourceType.GROUP, READER_GROUP, READ);
    }

    private void on(Topic<?, ?> topic, AclOperation... operations) {
        add(ResourceType.TOPIC, PatternType.LITERAL, layout.name(topic), operations);
    }

    private void group(String name, AclOperation... operations) {
        add(ResourceType.GROUP, PatternType.LITERAL, layout.prefix() + name, operations);
    }

    private void beginning(ResourceType type, String name, AclOperation... operations) {
        add(type, PatternType.PREFIXED, layout.prefix() + name, operations);
    }

    private void add(ResourceType type, PatternType pattern, String name, AclOperation... operations) {
        Arrays.stream(operations)
                .map(operation -> new Permission(type, pattern, name, operation))
                .forEach(permissions::add);
    }
}
