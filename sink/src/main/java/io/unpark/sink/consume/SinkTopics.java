package io.unpark.sink.consume;

import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.StackProfile;
import io.unpark.schemas.registry.TopicSerdes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** The topics that end up as rows, and how each of their records does. */
final class SinkTopics {
    private final String anomalies;
    private final String runtimeWindows;
    private final String routeWindows;
    private final String requests;
    private final String profiles;
    private final Deserializer<Anomaly> anomalyReader;
    private final Deserializer<RuntimeWindow> runtimeWindowReader;
    private final Deserializer<RouteWindow> routeWindowReader;
    private final Deserializer<RequestTrace> requestReader;
    private final Deserializer<StackProfile> profileReader;

    SinkTopics(TopicLayout layout, TopicSerdes serdes) {
        anomalies = layout.name(Topics.ANOMALIES);
        runtimeWindows = layout.name(Topics.RUNTIME_WINDOWS);
        routeWindows = layout.name(Topics.ROUTE_WINDOWS);
        requests = layout.name(Topics.REQUESTS);
        profiles = layout.name(Topics.PROFILES);
        anomalyReader = serdes.value(Topics.ANOMALIES).deserializer();
        runtimeWindowReader = serdes.value(Topics.RUNTIME_WINDOWS).deserializer();
        routeWindowReader = serdes.value(Topics.ROUTE_WINDOWS).deserializer();
        requestReader = serdes.value(Topics.REQUESTS).deserializer();
        profileReader = serdes.value(Topics.PROFILES).deserializer();
    }

    /** Names on the cluster. */
    List<String> names() {
        return List.of(anomalies, runtimeWindows, routeWindows, requests, profiles);
    }

    /**
     * Adds a record to a batch.
     *
     * @throws BadRecordException when this record can never be kept
     * @throws org.apache.kafka.common.KafkaException when the registry does not answer; says nothing about the record
     */
    void add(ConsumerRecord<byte[], byte[]> record, BatchRows rows) throws BadRecordException {
        if (record.topic().equals(anomalies)) {
            addAnomaly(record, rows);
        } else if (record.topic().equals(runtimeWindows)) {
            rows.put(WindowRows.of(decode(runtimeWindowReader, record), record.timestamp()));
        } else if (record.topic().equals(routeWindows)) {
            rows.put(WindowRows.of(decode(routeWindowReader, record), record.timestamp()));
        } else if (record.topic().equals(profiles)) {
            rows.put(ProfileRows.of(decode(profileReader, record), record.timestamp()));
        } else {
            rows.put(RequestRows.of(decode(requestReader, record), record.timestamp()));
        }
    }

    private void addAnomaly(ConsumerRecord<byte[], byte[]> record, BatchRows rows) throws BadRecordException {
        String id = key(record);
        if (record.value() == null) {
            rows.delete(id);
            return;
        }
        Anomaly anomaly = decode(anomalyReader, record);
        if (!anomaly.getId().equals(id)) {
            throw new BadRecordException("its key is not the anomaly's id, so its deletion could not find it");
        }
        rows.put(AnomalyRows.of(anomaly, record.timestamp()));
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) throws BadRecordException {
        if (record.key() == null) {
            throw new BadRecordException("it has no key");
        }
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static <T> T decode(Deserializer<T> reader, ConsumerRecord<byte[], byte[]> record)
            throws BadRecordException {
        try {
            return Optional.ofNullable(reader.deserialize(record.topic(), record.value()))
                    .orElseThrow(() -> new BadRecordException("it has no value"));
        } catch (SerializationException e) {
            throw new BadRecordException(e.getMessage(), e);
        }
    }
}
