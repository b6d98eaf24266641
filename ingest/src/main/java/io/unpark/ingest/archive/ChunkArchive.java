package io.unpark.ingest.archive;

import io.unpark.ingest.AcceptedListener;
import io.unpark.ingest.archive.ArchiveFolder.Removed;
import io.unpark.ingest.archive.ArchiveIndex.Entry;
import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.TraceHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what was accepted as files, by service and hour. A file holds contiguous generations of one capture behind the trace's
 * header, or an instance's race reports of one hour. It is a copy for later: when it cannot be written, that is counted and
 * logged, and the push that it came from is none the worse. One process an archive. Thread-safe.
 */
public final class ChunkArchive implements AcceptedListener {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkArchive.class);
    private static final long LOG_EVERY_FAILURES = 1_000;

    private final ArchiveLimits limits;
    private final Clock clock;
    private final ArchiveFolder folder;
    /** Files that may go on, by instance and capture; the one that was silent longest is forgotten first. */
    private final LinkedHashMap<String, Open> open = new LinkedHashMap<>(16, 0.75f, true);

    private long files;
    private long generations;
    private long reports;
    private long repeated;
    private long leftOut;
    private long failures;
    private long removedHours;
    private long removedBytes;

    /**
     * A file that may go on.
     *
     * @param fromSequence from there to {@code nextSequence} the capture was kept without a gap, in this file or in those before
     */
    private record Open(Path file, String hour, long fromSequence, long nextSequence, long nextGeneration, long end) {
        boolean holds(long sequence) {
            return fromSequence <= sequence && sequence < nextSequence;
        }
    }

    /**
     * Opens an archive, and makes it whole again after a crash.
     *
     * @param clock decides the hour
     * @throws IOException when the folder cannot be used
     */
    public ChunkArchive(Path folder, ArchiveLimits limits, Clock clock) throws IOException {
        this.limits = limits;
        this.clock = clock;
        this.folder = new ArchiveFolder(folder);
    }

    @Override
    public synchronized void accepted(List<TraceChunk> parts) {
        if (parts.isEmpty()) {
            return;
        }
        TraceChunk first = parts.get(0);
        String key = InstanceKey.of(first.getInstance()).encode() + "/" + first.getCapture();
        Open known = open.get(key);
        if (known != null && known.holds(first.getSequence())) {
            repeated++;
            return;
        }
        List<ByteBuffer> bytes = parts.stream().map(TraceChunk::getBytes).toList();
        try {
            if (put(key, known, first, bytes)) {
                generations++;
            } else {
                leftOut++;
            }
        } catch (IOException | RuntimeException e) {
            failed(key, e);
        }
    }

    /** The file that a generation goes on in; null when it begins another one. */
    private Open continued(Open known, TraceChunk next, long bytes) {
        boolean goesOn = known != null
                && known.nextSequence() == next.getSequence()
                && known.nextGeneration() == next.getGeneration()
                && known.hour().equals(ArchiveNames.hour(clock.instant()))
                && known.end() + bytes <= limits.maxFileBytes();
        return goesOn ? known : null;
    }

    private boolean put(String key, Open before, TraceChunk chunk, List<ByteBuffer> bytes) throws IOException {
        Open known = continued(before, chunk, size(bytes));
        byte[] header = new TraceHeader(chunk.getGoMinor()).bytes();
        long end = (known == null ? header.length : known.end()) + size(bytes);
        Entry entry = new Entry(end, chunk.getCapturedUnixNs());
        ArchiveIndex index = new ArchiveIndex(
                chunk.getInstance(),
                chunk.getCapture(),
                chunk.getSequence(),
                chunk.getClockErrorNs(),
                chunk.getGoMinor(),
                List.of());
        List<ByteBuffer> content = new ArrayList<>(bytes);
        if (known == null) {
            content.add(0, ByteBuffer.wrap(header));
        }
        Open written = write(known, ArchiveNames.TRACE, index, content, List.of(entry));
        if (written == null) {
            return false;
        }
        long sequence = chunk.getSequence();
        boolean follows = before != null && before.nextSequence() == sequence;
        long from = follows ? before.fromSequence() : sequence;
        remember(key, new Open(written.file(), written.hour(), from, sequence + 1, chunk.getGeneration() + 1, end));
        return true;
    }

    @Override
    public synchronized void acceptedReports(List<RaceReport> accepted) {
        Map<String, List<RaceReport>> byInstance = new LinkedHashMap<>();
        accepted.forEach(it -> byInstance
                .computeIfAbsent(InstanceKey.of(it.getInstance()).encode(), key -> new ArrayList<>())
                .add(it));
        byInstance.forEach((key, of) -> {
            try {
                if (putReports(key + "//", of)) {
                    reports += of.size();
                } else {
                    leftOut += of.size();
                }
            } catch (IOException | RuntimeException e) {
                failed(key + "//", e);
            }
        });
    }

    private boolean putReports(String key, List<RaceReport> of) throws IOException {
        Open known = open.get(key);
        boolean goesOn = known != null
                && known.hour().equals(ArchiveNames.hour(clock.instant()))
                && known.end() < limits.maxFileBytes();
        known = goesOn ? known : null;
        long end = known == null ? 0 : known.end();
        List<ByteBuffer> content = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (RaceReport report : of) {
            ByteBuffer text = ByteBuffer.wrap(report.getText().getBytes(StandardCharsets.UTF_8));
            end += text.remaining();
            content.add(text);
            entries.add(new Entry(end, report.getReportedUnixNs()));
        }
        Instance instance = of.get(0).getInstance();
        ArchiveIndex index = new ArchiveIndex(instance, "", 0, -1, 0, List.of());
        Open written = write(known, ArchiveNames.LOG, index, content, entries);
        if (written != null) {
            remember(key, new Open(written.file(), written.hour(), 0, 0, 0, end));
        }
        return written != null;
    }

    /** Null when there is no room. */
    private Open write(Open known, String suffix, ArchiveIndex index, List<ByteBuffer> content, List<Entry> entries)
            throws IOException {
        Instant now = clock.instant();
        String hour = ArchiveNames.hour(now);
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry -> lines.append(entry.line()));
        String head = index.head();
        if (!makeRoom(size(content) + lines.length() + head.length(), hour)) {
            return null;
        }
        if (known != null) {
            folder.append(known.file(), known.end(), content, lines.toString());
            return known;
        }
        String name = ArchiveNames.file(now, files++, index.instance(), suffix);
        Path file =
                folder.hourFolder(ArchiveNames.service(index.instance()), hour).resolve(name);
        folder.create(file, content, head + lines);
        return new Open(file, hour, 0, 0, 0, 0);
    }

    private boolean makeRoom(long bytes, String hour) throws IOException {
        while (folder.bytes() + bytes > limits.quotaBytes()) {
            Removed removed = folder.removeOldestBefore(hour);
            if (removed.equals(Removed.NOTHING)) {
                return false;
            }
            removedHours += removed.hours();
            removedBytes += removed.bytes();
        }
        return true;
    }

    private void remember(String key, Open file) {
        open.put(key, file);
        if (open.size() > limits.maxOpen()) {
            open.remove(open.keySet().iterator().next());
        }
    }

    private void failed(String key, Exception e) {
        open.remove(key);
        if (failures++ % LOG_EVERY_FAILURES == 0) {
            LOG.warn("The archive does not take {} ({} failures so far): {}", key, failures, e.toString());
        }
    }

    private static long size(List<ByteBuffer> content) {
        return content.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    public synchronized ArchiveStatus status() {
        return new ArchiveStatus(
                folder.bytes(), generations, reports, repeated, leftOut, failures, removedHours, removedBytes);
    }
}
