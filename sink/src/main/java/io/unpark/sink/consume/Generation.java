package io.unpark.sink.consume;

import io.unpark.schemas.record.TraceChunk;
import java.nio.ByteBuffer;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Collects the parts of one generation, whichever order they come in and however often. */
final class Generation {
    /** A generation of the largest kept size has far fewer. */
    private static final int PARTS_MAX = 1_024;

    private final TreeMap<Integer, ByteBuffer> parts = new TreeMap<>();
    private int partsExpected = -1;
    private int goMinor;
    private long sizeBytes;

    void add(TraceChunk chunk) throws SliceGoneException {
        boolean sane = chunk.getParts() >= 1
                && chunk.getParts() <= PARTS_MAX
                && chunk.getPart() >= 0
                && chunk.getPart() < chunk.getParts();
        if (!sane || partsExpected >= 0 && partsExpected != chunk.getParts()) {
            throw new SliceGoneException("generation " + chunk.getGeneration() + " has parts that do not fit together");
        }
        CRC32C crc = new CRC32C();
        crc.update(chunk.getBytes().duplicate());
        if ((int) crc.getValue() != chunk.getCrc32c()) {
            throw new SliceGoneException("part " + chunk.getPart() + " of generation " + chunk.getGeneration()
                    + " does not have the checksum it was sent with");
        }
        partsExpected = chunk.getParts();
        goMinor = chunk.getGoMinor();
        if (parts.putIfAbsent(chunk.getPart(), chunk.getBytes().duplicate()) == null) {
            sizeBytes += chunk.getBytes().remaining();
        }
    }

    boolean complete() {
        return parts.size() == partsExpected;
    }

    boolean misses(int part) {
        return !parts.containsKey(part);
    }

    int goMinor() {
        return goMinor;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    void writeTo(ByteBuffer out) {
        parts.values().forEach(part -> out.put(part.duplicate()));
    }
}
