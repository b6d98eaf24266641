package io.unpark.streams;

import io.unpark.analysis.order.ArrivalOrder;
import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.record.TraceChunk;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** What must hold of a chunk before anything is done with it. */
final class ChunkChecks {
    private static final int MAX_CAPTURE_CHARS = 512;

    /** The runtime counts from 1, one a second: more than this is none. */
    private static final long MAX_GENERATION = 1L << 48;

    private ChunkChecks() {}

    /** Throws {@link RefusedInputException} for a chunk that nobody can use. */
    static void check(String key, TraceChunk chunk) {
        if (chunk == null) {
            throw new RefusedInputException("a chunk without a value");
        }
        checkKey(key, chunk);
        if (chunk.getParts() < 1 || chunk.getParts() > ArrivalOrder.MAX_PARTS) {
            throw new RefusedInputException(chunk.getParts() + " parts, 1 to " + ArrivalOrder.MAX_PARTS + " are taken");
        }
        if (chunk.getPart() < 0 || chunk.getPart() >= chunk.getParts()) {
            throw new RefusedInputException("part " + chunk.getPart() + " of " + chunk.getParts());
        }
        if (chunk.getGeneration() < 1 || chunk.getGeneration() > MAX_GENERATION) {
            throw new RefusedInputException("generation number " + chunk.getGeneration());
        }
        if (chunk.getCapture().length() > MAX_CAPTURE_CHARS) {
            throw new RefusedInputException("a capture id of "
                    + chunk.getCapture().length() + " characters, at most " + MAX_CAPTURE_CHARS + " are taken");
        }
        int found = crc32c(chunk.getBytes());
        if (found != chunk.getCrc32c()) {
            throw new RefusedInputException(String.format(
                    "checksum %08x of the bytes, %08x expected: they were changed on the way",
                    found, chunk.getCrc32c()));
        }
    }

    /** Under another key the instance would be on a partition that does not have its state. */
    private static void checkKey(String key, TraceChunk chunk) {
        String expected;
        try {
            expected = InstanceKey.of(chunk.getInstance()).encode();
        } catch (IllegalArgumentException e) {
            throw new RefusedInputException("a chunk of no usable instance", e);
        }
        if (!expected.equals(key)) {
            throw new RefusedInputException("key " + key + " is not that of its instance, " + expected);
        }
    }

    /** CRC-32C of the buffer's remaining bytes, as the collector computes it. */
    static int crc32c(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }
}
