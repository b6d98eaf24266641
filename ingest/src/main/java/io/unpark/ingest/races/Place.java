package io.unpark.ingest.races;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * How far a file was read, and how to know it again: a sum over the bytes before the offset. A file that was truncated, or another
 * one in its place, has others there.
 *
 * @param offset in bytes; everything before it is safe
 * @param sum CRC-32C of the last 4 KiB before it, or of as many as there are
 */
record Place(long offset, long sum) {
    static final Place START = new Place(0, 0);

    private static final int SUMMED_BYTES = 4 << 10;

    static Place of(FileChannel file, long offset) throws IOException {
        return offset == 0 ? START : new Place(offset, sum(file, offset));
    }

    /** Whether the file is still the one that was read so far. */
    boolean isIn(FileChannel file) throws IOException {
        return offset == 0 || file.size() >= offset && sum(file, offset) == sum;
    }

    private static long sum(FileChannel file, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(SUMMED_BYTES, offset));
        long from = offset - bytes.capacity();
        while (bytes.hasRemaining()) {
            int n = file.read(bytes, from + bytes.position());
            if (n < 0) {
                return -1; // truncated this very moment
            }
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.flip());
        return crc.getValue();
    }
}
