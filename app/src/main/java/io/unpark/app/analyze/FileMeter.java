package io.unpark.app.analyze;

import io.unpark.app.console.Progress;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Opens files and tells how much of them was read. */
public final class FileMeter {
    private final Progress progress;

    public FileMeter(Progress progress) {
        this.progress = progress;
    }

    /** Its bytes as they lie on disk. */
    public InputStream open(Input input) throws IOException {
        // Not by a channel, whose stream copies all once more.
        InputStream file = new FileInputStream(input.file().toFile());
        progress.at(input.name());
        return new Metered(file, progress);
    }

    private static final class Metered extends FilterInputStream {
        private final Progress progress;

        Metered(InputStream in, Progress progress) {
            super(in);
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            progress.add(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int n = super.read(to, offset, length);
            progress.add(Math.max(0, n));
            return n;
        }
    }
}
