package io.unpark.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * A file as a stream, mapped window by window: one mapping holds at most 2 GiB, and a window's pages need not stay in
 * memory once it was read. A file that shrinks meanwhile ends early.
 */
final class MappedInput extends InputStream {
    static final int WINDOW_BYTES = 16 << 20;

    private final FileChannel file;
    private final int windowBytes;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long next;

    MappedInput(FileChannel file, int windowBytes) {
        this.file = file;
        this.windowBytes = windowBytes;
    }

    @Override
    public int read() throws IOException {
        return more() ? window.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int n = Math.min(length, window.remaining());
        window.get(to, offset, n);
        return n;
    }

    private boolean more() throws IOException {
        if (window.hasRemaining()) {
            return true;
        }
        long length = Math.min(windowBytes, file.size() - next);
        if (length <= 0) {
            return false;
        }
        window = file.map(MapMode.READ_ONLY, next, length);
        next += length;
        return true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
