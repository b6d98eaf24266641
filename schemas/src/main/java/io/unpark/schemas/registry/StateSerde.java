package io.unpark.schemas.registry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * For state stores and internal topics, which nobody else reads: needs no registry. Bytes are Avro's single-object encoding:
 * C3 01, the writer schema's CRC-64-AVRO fingerprint (8 bytes little-endian), then Avro binary. {@code null} stays
 * {@code null}.
 *
 * @param <T> a generated class
 */
public final class StateSerde<T extends SpecificRecord> implements Serde<T> {
    private static final int HEADER_BYTES = 10;
    private static final short MARK = (short) 0xC301;

    private final AvroCodec<T> codec;
    private final byte[] header;
    private final Map<Long, Schema> writers = new HashMap<>();

    /** @param earlier schemas of earlier releases, whose state can still be read */
    public StateSerde(Class<T> recordClass, Schema... earlier) {
        this.codec = new AvroCodec<>(recordClass);
        this.header = header(SchemaNormalization.parsingFingerprint64(codec.schema()));
        for (Schema writer : earlier) {
            writers.put(SchemaNormalization.parsingFingerprint64(writer), writer);
        }
        writers.put(SchemaNormalization.parsingFingerprint64(codec.schema()), codec.schema());
    }

    @Override
    public Serializer<T> serializer() {
        return (topic, record) -> record == null ? null : codec.encode(header, record);
    }

    /** It throws {@link SerializationException} for bytes that are no such record, or were written by an unknown schema. */
    @Override
    public Deserializer<T> deserializer() {
        return (topic, data) -> data == null ? null : read(data);
    }

    /** The state that these bytes of the wire format are, which a schema of our own layout must have written. */
    byte[] rewrapped(byte[] wire) {
        byte[] state = Arrays.copyOf(header, HEADER_BYTES + wire.length - WireFormat.HEADER_BYTES);
        System.arraycopy(wire, WireFormat.HEADER_BYTES, state, HEADER_BYTES, wire.length - WireFormat.HEADER_BYTES);
        return state;
    }

    private T read(byte[] data) {
        if (data.length < HEADER_BYTES || ByteBuffer.wrap(data).getShort() != MARK) {
            throw new SerializationException("state of " + data.length + " bytes is not Avro's single-object encoding");
        }
        long fingerprint = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
        Schema written = writers.get(fingerprint);
        if (written == null) {
            throw new SerializationException("state was written by another version of "
                    + codec.schema().getName() + " (fingerprint " + Long.toHexString(fingerprint) + ")");
        }
        return codec.decode(written, data, HEADER_BYTES);
    }

    private static byte[] header(long fingerprint) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putShort(MARK)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(fingerprint)
                .array();
    }
}
