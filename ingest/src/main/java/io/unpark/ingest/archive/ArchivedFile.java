package io.unpark.ingest.archive;

import io.unpark.ingest.RaceLogLimits;
import io.unpark.ingest.RaceLogParser;
import io.unpark.ingest.TraceSource;
import io.unpark.ingest.archive.ArchiveIndex.Entry;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A file of an archive, as its index describes it: the same records come out of it that were kept. */
public final class ArchivedFile {
    /** A report's text is far smaller: RaceLogLimits bound what is taken from a log. */
    private static final int MAX_REPORT_BYTES = 4 << 20;

    private final Path file;
    /** With its first and its last entry only. */
    private final ArchiveIndex index;

    private ArchivedFile(Path file, ArchiveIndex index) {
        this.file = file;
        this.index = index;
    }

    /**
     * Looks for the index beside a file, which may be compressed by now.
     *
     * @return empty when there is none, or it says nothing
     * @throws IOException when there is one that cannot be read
     */
    public static Optional<ArchivedFile> of(Path file) throws IOException {
        Path index = ArchiveNames.indexOf(file);
        return Files.isRegularFile(index)
                ? Optional.of(new ArchivedFile(index, ArchiveIndex.readEnds(index)))
                : Optional.empty();
    }

    /** Whose it is. */
    public Instance instance() {
        return index.instance();
    }

    /** When its first generation was captured, or its first report reported; nanoseconds since 1970 UTC. */
    public long firstUnixNs() {
        return index.entries().isEmpty() ? 0 : index.entries().get(0).unixNs();
    }

    /** When its last one was. */
    public long lastUnixNs() {
        int last = index.entries().size() - 1;
        return last < 0 ? 0 : index.entries().get(last).unixNs();
    }

    /** Of a trace: as it was when it was accepted. Its generations are to be asked for in their order. */
    public TraceSource source() throws IOException {
        Iterator<Entry> entries = ArchiveIndex.read(file).entries().iterator();
        long[] last = {firstUnixNs()};
        return new TraceSource(
                index.instance().getNamespace(),
                index.instance().getService(),
                Optional.of(index.instance().getName()),
                index.instance().getVersion(),
                Optional.of(index.capture()),
                OptionalLong.of(index.firstSequence()),
                () -> last[0] = entries.hasNext() ? entries.next().unixNs() : last[0],
                index.clockErrorNs());
    }

    /** What of the file's plain bytes is whole: it may be being written. */
    public InputStream whole(InputStream plain) {
        return new FirstBytes(plain, index.committed());
    }

    /**
     * Of a race log: its reports, each with the time that it had.
     *
     * @param plain the file's plain bytes; not closed
     */
    public void reports(InputStream plain, RaceLogLimits limits, Consumer<RaceReport> to) throws IOException {
        long from = 0;
        for (Entry entry : ArchiveIndex.read(file).entries()) {
            long length = entry.end() - from;
            if (length > MAX_REPORT_BYTES) {
                throw new IOException("a report of " + length + " bytes, at most " + MAX_REPORT_BYTES + " are taken");
            }
            byte[] text = plain.readNBytes((int) length);
            if (text.length < length) {
                throw new EOFException("the file ends within a report");
            }
            RaceLogParser.parse(new ByteArrayInputStream(text), index.instance(), entry.unixNs(), limits, to);
            from = entry.end();
        }
    }

    private static final class FirstBytes extends FilterInputStream {
        private long left;

        FirstBytes(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            int b = left > 0 ? super.read() : -1;
            left -= b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left <= 0) {
                return length == 0 ? 0 : -1;
            }
            int n = super.read(to, offset, (int) Math.min(length, left));
            left -= Math.max(0, n);
            return n;
        }
    }
}
