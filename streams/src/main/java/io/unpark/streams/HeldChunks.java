package io.unpark.streams;

import io.unpark.schemas.record.TraceChunk;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.state.KeyValueStore;

/** Chunks whose turn has not come, in a store: key {@code instance key/lane/generation/part}. What is held, and why, {@link StoredOrders} knows. */
final class HeldChunks {
    private final KeyValueStore<String, byte[]> store;
    private final Serde<TraceChunk> chunks;
    private final String topic;

    HeldChunks(KeyValueStore<String, byte[]> store, Serde<TraceChunk> chunks, String topic) {
        this.store = store;
        this.chunks = chunks;
        this.topic = topic;
    }

    void put(String key, int lane, TraceChunk chunk) {
        store.put(partKey(key, lane, chunk.getGeneration(), chunk.getPart()), toBytes(chunk));
    }

    /** What was put, or null. */
    TraceChunk get(String key, int lane, long generation, int part) {
        byte[] bytes = store.get(partKey(key, lane, generation, part));
        return bytes == null ? null : chunks.deserializer().deserialize(topic, bytes);
    }

    void delete(String key, int lane, long generation, int part) {
        store.delete(partKey(key, lane, generation, part));
    }

    void deleteAll(String key) {
        Prefixes.deleteAll(store, key + "/");
    }

    /** As it lay on the topic. */
    byte[] toBytes(TraceChunk chunk) {
        return chunks.serializer().serialize(topic, chunk);
    }

    private static String partKey(String key, int lane, long generation, int part) {
        return key + "/" + lane + "/" + generation + "/" + part;
    }
}
