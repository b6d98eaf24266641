package io.unpark.streams;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which parts of which generations of one instance are held, oldest first; small, so that parts are read only when whole. */
record PartIndex(List<Slot> slots) {
    /**
     * One generation that is not whole yet.
     *
     * @param number of the slot, unique within the instance
     * @param present bit i stands for part i
     * @param heldBytes of the parts as held
     * @param firstOffset smallest offset of a part in its topic's partition
     */
    record Slot(
            int number, String capture, long generation, int parts, long present, long heldBytes, long firstOffset) {
        boolean holds(int part) {
            return (present & 1L << part) != 0;
        }

        boolean wholeWith(int part) {
            return Long.bitCount(present | 1L << part) == parts;
        }

        Slot with(int part, long bytes, long offset) {
            return new Slot(
                    number,
                    capture,
                    generation,
                    parts,
                    present | 1L << part,
                    heldBytes + bytes,
                    Math.min(firstOffset, offset));
        }
    }

    PartIndex {
        slots = List.copyOf(slots);
    }

    Optional<Slot> find(String capture, long generation) {
        return slots.stream()
                .filter(s -> s.generation == generation && s.capture.equals(capture))
                .findFirst();
    }

    int freeNumber() {
        return slots.stream().mapToInt(Slot::number).max().orElse(-1) + 1;
    }

    PartIndex without(Slot slot) {
        return new PartIndex(slots.stream().filter(s -> s.number != slot.number).toList());
    }

    /** With this slot in the place of the one with its number, or as the newest. */
    PartIndex with(Slot slot) {
        List<Slot> changed = new ArrayList<>(slots);
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i).number == slot.number) {
                changed.set(i, slot);
                return new PartIndex(changed);
            }
        }
        changed.add(slot);
        return new PartIndex(changed);
    }

    static PartIndex fromBytes(byte[] bytes) {
        List<Slot> slots = new ArrayList<>();
        if (bytes != null) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                for (int left = in.readByte(); left > 0; left--) {
                    slots.add(new Slot(
                            in.readInt(),
                            in.readUTF(),
                            in.readLong(),
                            in.readByte(),
                            in.readLong(),
                            in.readLong(),
                            in.readLong()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("index of held parts", e);
            }
        }
        return new PartIndex(slots);
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(slots.size());
            for (Slot slot : slots) {
                out.writeInt(slot.number);
                out.writeUTF(slot.capture);
                out.writeLong(slot.generation);
                out.writeByte(slot.parts);
                out.writeLong(slot.present);
                out.writeLong(slot.heldBytes);
                out.writeLong(slot.firstOffset);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("index of held parts", e);
        }
        return bytes.toByteArray();
    }
}
