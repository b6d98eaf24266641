package io.unpark.streams;

import io.unpark.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * What one record's processing will send. It is serialised and measured when added, which is before the first put: what a
 * sink would refuse later would come too late to refuse only the input that caused it. One a processor, cleared before each
 * record.
 */
final class Outbox {
    /** Room within a topic's maximum for what the broker counts on top: batch and record headers. */
    private static final int OVERHEAD_BYTES = 1024;

    private final Wiring wiring;
    private final String stage;
    private final Map<String, Serializer<?>> serializers = new HashMap<>();
    private final List<Outgoing> waiting = new ArrayList<>();

    private record Outgoing(Topic<?, ?> topic, String key, byte[] value) {}

    /** @param stage which of the topologies, see {@link Nodes#sinkName} */
    Outbox(Wiring wiring, String stage) {
        this.wiring = wiring;
        this.stage = stage;
    }

    /** Takes a record, or throws {@link RefusedInputException} when it is larger than its topic allows. */
    <V extends SpecificRecord> void add(Topic<String, V> topic, String key, V value) {
        if (!addIfFits(topic, key, value)) {
            throw new RefusedInputException("what it gave is too large for " + topic.name() + ", which takes "
                    + topic.maxMessageBytes() + " bytes");
        }
    }

    /** Takes a record unless it is larger than its topic allows. */
    <V extends SpecificRecord> boolean addIfFits(Topic<String, V> topic, String key, V value) {
        byte[] bytes = serializer(topic).serialize(wiring.name(topic), value);
        int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
        if ((long) bytes.length + keyBytes + OVERHEAD_BYTES > topic.maxMessageBytes()) {
            return false;
        }
        waiting.add(new Outgoing(topic, key, bytes));
        return true;
    }

    /** Takes a tombstone. */
    void addTombstone(Topic<String, ?> topic, String key) {
        waiting.add(new Outgoing(topic, key, null));
    }

    /** Forgets what a record left that was then refused. */
    void clear() {
        waiting.clear();
    }

    /** Forwards everything, each to its topic's sink. */
    void send(ProcessorContext<String, byte[]> context, long timestampMs) {
        for (Outgoing one : waiting) {
            context.forward(new Record<>(one.key(), one.value(), timestampMs), Nodes.sinkName(stage, one.topic()));
        }
        waiting.clear();
    }

    @SuppressWarnings("unchecked") // kept under the topic that it was made for
    private <V> Serializer<V> serializer(Topic<?, V> topic) {
        return (Serializer<V>) serializers.computeIfAbsent(
                topic.name(), name -> wiring.value(topic).serializer());
    }
}
