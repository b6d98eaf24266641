package io.unpark.schemas.registry;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A record together with the bytes it came in, for whoever keeps it: they need not be written again.
 *
 * @param <T> a generated class
 */
public final class ArrivedRecord<T extends SpecificRecord> {
    private final T value;
    private final byte[] wire;
    private final boolean ownLayout;
    private final StateSerde<T> states;

    private ArrivedRecord(T value, byte[] wire, boolean ownLayout, StateSerde<T> states) {
        this.value = value;
        this.wire = wire;
        this.ownLayout = ownLayout;
        this.states = states;
    }

    /** Reads as {@code reader} does, and throws what it throws; {@code null} stays {@code null}. */
    static <T extends SpecificRecord> Deserializer<ArrivedRecord<T>> reader(
            ConfluentAvroDeserializer<T> reader, StateSerde<T> states) {
        return (topic, data) -> data == null
                ? null
                : new ArrivedRecord<>(reader.deserialize(topic, data), data, reader.hasOwnLayout(data), states);
    }

    public T value() {
        return value;
    }

    /** What a {@link StateSerde} reads as {@link #value}: copied when it was written by a schema of our own layout. */
    public byte[] toState() {
        return ownLayout ? states.rewrapped(wire) : states.serializer().serialize("", value);
    }
}
