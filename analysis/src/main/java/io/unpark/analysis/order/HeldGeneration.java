package io.unpark.analysis.order;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;

/**
 * What is there of a generation whose turn has not come.
 *
 * @param present bit i stands for part i
 * @param bytes of the parts that are there
 * @param firstOffset the smallest of theirs
 */
record HeldGeneration(int parts, long present, long bytes, long firstOffset) {
    static HeldGeneration of(Arrival it) {
        return new HeldGeneration(it.parts(), 1L << it.part(), it.bytes(), it.offset());
    }

    HeldGeneration and(HeldGeneration more) {
        return new HeldGeneration(
                parts, present | more.present, bytes + more.bytes, Math.min(firstOffset, more.firstOffset));
    }

    boolean has(int part) {
        return (present & 1L << part) != 0;
    }

    boolean isWhole() {
        return Long.bitCount(present) == parts;
    }

    void write(BinaryWriter out) {
        out.writeUnsigned(parts);
        out.writeSigned(present);
        out.writeUnsigned(bytes);
        out.writeSigned(firstOffset);
    }

    static HeldGeneration read(BinaryReader in) {
        return new HeldGeneration((int) in.readUnsigned(), in.readSigned(), in.readUnsigned(), in.readSigned());
    }
}
