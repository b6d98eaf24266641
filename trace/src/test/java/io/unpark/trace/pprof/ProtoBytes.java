package io.unpark.trace.pprof;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes Protocol Buffers' wire format, also where it breaks the rules. */
final class ProtoBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtoBytes varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    ProtoBytes number(int field, long value) {
        return varint((long) field << 3).varint(value);
    }

    ProtoBytes bytes(int field, byte[] content) {
        varint((long) field << 3 | 2).varint(content.length).out.writeBytes(content);
        return this;
    }

    ProtoBytes message(int field, ProtoBytes content) {
        return bytes(field, content.toBytes());
    }

    ProtoBytes text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
