package io.unpark.analysis.export;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * The part of Protocol Buffers' wire format that a pprof profile needs: varints and length-delimited fields
 * (https://protobuf.dev/programming-guides/encoding). Values of 0 are left out, as the format allows.
 */
final class ProtoWriter {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void number(int field, long value) {
        if (value != 0) {
            varint((long) field << 3 | VARINT);
            varint(value);
        }
    }

    /** Also when empty: its place counts, as in a table of strings. */
    void text(int field, String value) {
        bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    void numbers(int field, long... values) {
        ProtoWriter packed = new ProtoWriter();
        for (long value : values) {
            packed.varint(value);
        }
        bytes(field, packed.bytes());
    }

    void message(int field, Consumer<ProtoWriter> fields) {
        ProtoWriter inner = new ProtoWriter();
        fields.accept(inner);
        bytes(field, inner.bytes());
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private void bytes(int field, byte[] value) {
        varint((long) field << 3 | LENGTH_DELIMITED);
        varint(value.length);
        out.writeBytes(value);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
