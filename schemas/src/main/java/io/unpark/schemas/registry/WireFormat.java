package io.unpark.schemas.registry;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;

/** Confluent's header in front of each key or value: a zero byte and the schema's id, 4 bytes big-endian. */
final class WireFormat {
    static final int HEADER_BYTES = 5;
    private static final byte MAGIC = 0;

    private WireFormat() {}

    static byte[] header(int schemaId) {
        return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(schemaId).array();
    }

    /** @throws SerializationException when there is no such header */
    static int schemaId(byte[] data) {
        if (data.length < HEADER_BYTES) {
            throw new SerializationException(
                    "a record of " + data.length + " bytes is too short for a schema id in Confluent's wire format");
        }
        if (data[0] != MAGIC) {
            throw new SerializationException("record does not begin with Confluent's magic byte 0 but with 0x"
                    + Integer.toHexString(Byte.toUnsignedInt(data[0])));
        }
        return ByteBuffer.wrap(data).getInt(1);
    }

    /** Confluent's TopicNameStrategy. */
    static String subject(String topic, boolean isKey) {
        return topic + (isKey ? "-key" : "-value");
    }
}
