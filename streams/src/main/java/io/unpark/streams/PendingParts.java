package io.unpark.streams;

import io.unpark.schemas.record.TraceChunk;
import io.unpark.streams.PartIndex.Slot;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Parts of generations that are not whole yet, in a store. They are kept as the records that they came in, so that a
 * generation that turns out broken can be refused whole. Bounded by an instance's number of generations and their size; the
 * oldest goes first, since its missing part is the least likely to come.
 */
final class PendingParts {
    /** Most parts of one generation. */
    static final int MAX_PARTS = 64;
    /** Largest generation, joined. */
    static final long MAX_GENERATION_BYTES = 128L << 20;
    /** Most generations of one instance that wait for parts. */
    static final int MAX_WAITING_GENERATIONS = 4;
    /** Most bytes of one instance that wait for parts. */
    static final long MAX_WAITING_BYTES = MAX_GENERATION_BYTES;

    private final KeyValueStore<String, byte[]> store;
    private final Serde<TraceChunk> chunks;
    private final String topic;

    /** @param store {@code instance key/index} and {@code instance key/slot/part} */
    PendingParts(KeyValueStore<String, byte[]> store, Serde<TraceChunk> chunks, String topic) {
        this.store = store;
        this.chunks = chunks;
        this.topic = topic;
    }

    /**
     * A generation, joined.
     *
     * @param firstOffset of its first part in the topic's partition
     * @param earlier the values of the parts that were held
     */
    record Whole(ByteBuffer bytes, long firstOffset, List<byte[]> earlier) {}

    /** The whole generation, when this was its last missing part. Writes nothing. */
    Optional<Whole> complete(String key, TraceChunk part, long offset) {
        Optional<Slot> slot = slot(key, part).filter(s -> s.wholeWith(part.getPart()));
        return slot.map(s -> join(key, s, part, offset));
    }

    private Optional<Slot> slot(String key, TraceChunk part) {
        return index(key).find(part.getCapture(), part.getGeneration()).filter(s -> s.parts() == part.getParts());
    }

    private Whole join(String key, Slot slot, TraceChunk arriving, long offset) {
        List<ByteBuffer> pieces = new ArrayList<>();
        List<byte[]> earlier = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < slot.parts(); i++) {
            ByteBuffer piece = arriving.getBytes();
            if (i != arriving.getPart()) {
                byte[] held = store.get(partKey(key, slot.number(), i));
                earlier.add(held);
                piece = chunks.deserializer().deserialize(topic, held).getBytes();
            }
            total += piece.remaining();
            pieces.add(piece);
        }
        if (total > MAX_GENERATION_BYTES) {
            throw new RefusedInputException(
                    "a generation of " + total + " bytes, at most " + MAX_GENERATION_BYTES + " are taken",
                    null,
                    earlier);
        }
        ByteBuffer joined = ByteBuffer.allocate((int) total);
        pieces.forEach(piece -> joined.put(piece.duplicate()));
        return new Whole(joined.flip(), Math.min(offset, slot.firstOffset()), earlier);
    }

    /** Holds a part until the others have come; returns how many incomplete generations were dropped to make room. */
    int hold(String key, TraceChunk part, long offset) {
        byte[] value = chunks.serializer().serialize(topic, part);
        PartIndex index = index(key);
        Optional<Slot> known = index.find(part.getCapture(), part.getGeneration());
        int dropped = 0;
        if (known.isPresent() && known.get().parts() != part.getParts()) {
            index = drop(key, index, known.get());
            known = Optional.empty();
            dropped++;
        }
        Slot slot = known.orElse(
                new Slot(index.freeNumber(), part.getCapture(), part.getGeneration(), part.getParts(), 0, 0, offset));
        if (slot.holds(part.getPart())) {
            return dropped;
        }
        slot = slot.with(part.getPart(), value.length, offset);
        index = index.with(slot);
        while (tooMuch(index)) {
            index = drop(key, index, index.slots().get(0));
            dropped++;
        }
        if (index.slots().contains(slot)) {
            store.put(partKey(key, slot.number(), part.getPart()), value);
        }
        putIndex(key, index);
        return dropped;
    }

    private static boolean tooMuch(PartIndex index) {
        long bytes = index.slots().stream().mapToLong(Slot::heldBytes).sum();
        return index.slots().size() > MAX_WAITING_GENERATIONS || bytes > MAX_WAITING_BYTES;
    }

    /** Drops what is held of a generation. */
    void forget(String key, String capture, long generation) {
        PartIndex index = index(key);
        index.find(capture, generation).ifPresent(slot -> putIndex(key, drop(key, index, slot)));
    }

    /** Drops what is held of an instance. */
    void forgetAll(String key) {
        PartIndex index = index(key);
        for (Slot slot : index.slots()) {
            index = drop(key, index, slot);
        }
        putIndex(key, index);
    }

    private PartIndex drop(String key, PartIndex index, Slot slot) {
        for (int i = 0; i < slot.parts(); i++) {
            if (slot.holds(i)) {
                store.delete(partKey(key, slot.number(), i));
            }
        }
        return index.without(slot);
    }

    private PartIndex index(String key) {
        return PartIndex.fromBytes(store.get(indexKey(key)));
    }

    private void putIndex(String key, PartIndex index) {
        if (index.slots().isEmpty()) {
            store.delete(indexKey(key));
        } else {
            store.put(indexKey(key), index.toBytes());
        }
    }

    private static String indexKey(String key) {
        return key + "/index";
    }

    private static String partKey(String key, int slot, int part) {
        return key + "/" + slot + "/" + part;
    }
}
