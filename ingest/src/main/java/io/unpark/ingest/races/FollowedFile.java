package io.unpark.ingest.races;

import io.unpark.ingest.BrokerException;
import io.unpark.ingest.Intake;
import io.unpark.ingest.RaceLogParser;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log that is still written. Reads what was added, hands on the reports, and moves its {@link #place} only past what is
 * acknowledged: what lies behind is read again after a restart, and a report that comes twice counts once. For one thread.
 */
final class FollowedFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedFile.class);
    private static final int BUFFER_BYTES = 64 << 10;
    /** Of one file in one round, so that the others get their turn. */
    private static final int MAX_BYTES_A_ROUND = 4 << 20;

    private final RaceLogSource source;
    private final Intake intake;
    private final List<RaceReport> found = new ArrayList<>();
    private final LineCutter lines;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private RaceLogParser parser;
    private Path path;
    private FileChannel file;
    private Place place;
    private long readTo;
    private long safeTo;
    private long writtenUnixNs;
    private long grewMs;
    private long truncations;
    private String trouble = "";

    /** @param place where to go on, as it was remembered; not trusted */
    FollowedFile(RaceLogSource source, Path path, Place place, Intake intake, long nowMs) throws IOException {
        this.source = source;
        this.path = path;
        this.place = place;
        this.intake = intake;
        this.grewMs = nowMs;
        this.lines = new LineCutter(intake.raceLogLimits().maxLineChars());
        open();
        if (!place.isIn(file)) {
            this.place = Place.START;
        }
        rewind();
    }

    private void open() throws IOException {
        file = FileChannel.open(path, StandardOpenOption.READ);
    }

    private void rewind() {
        parser = new RaceLogParser(intake.raceLogLimits(), source.instanceOf(path), () -> writtenUnixNs, found::add);
        lines.reset();
        readTo = place.offset();
        safeTo = place.offset();
    }

    Path path() {
        return path;
    }

    Place place() {
        return place;
    }

    /** How often it was begun again because it was truncated. */
    long truncations() {
        return truncations;
    }

    /** Bytes read of which the reports are not acknowledged, or not complete. */
    long openBytes() {
        return readTo - place.offset();
    }

    Instance instance() {
        return source.instanceOf(path);
    }

    /** What went wrong last, or "". */
    String trouble() {
        return trouble;
    }

    /** For how long nothing was added. */
    long quietMs(long nowMs) {
        return nowMs - grewMs;
    }

    boolean isOpen() {
        return file.isOpen();
    }

    /** It was renamed. */
    void movedTo(Path now) {
        path = now;
    }

    /**
     * Reads what was added since the last time.
     *
     * @param modifiedUnixNs when the file was last written to
     * @return whether there may be more
     * @throws BrokerException when Kafka is away: the next call goes on where this one stopped
     */
    boolean read(long modifiedUnixNs, long nowMs) throws IOException {
        handOn();
        if (!file.isOpen()) {
            open();
        }
        writtenUnixNs = modifiedUnixNs;
        if (!place.isIn(file) || file.size() < readTo) {
            truncations++;
            parser.end();
            handOn();
            place = Place.START;
            rewind();
        }
        int inRound = 0;
        int n = 0;
        while (inRound < MAX_BYTES_A_ROUND && n >= 0) {
            n = file.read(ByteBuffer.wrap(buffer), readTo);
            if (n > 0) {
                grewMs = nowMs;
                inRound += n;
                add(n);
                handOn();
            }
        }
        return n >= 0;
    }

    private void add(int count) {
        long from = readTo;
        lines.add(buffer, count, (line, used) -> {
            parser.line(line);
            if (parser.isBetweenReports()) {
                safeTo = from + used;
            }
        });
        readTo += count;
    }

    /** The writer is silent or gone: what there is of a report is all there will be. */
    void flush() throws IOException {
        if (parser.isBetweenReports()) {
            return;
        }
        lines.flush(parser::line);
        parser.end();
        safeTo = readTo;
        handOn();
    }

    private void handOn() throws IOException {
        try {
            intake.reports(found);
            trouble = "";
        } catch (BrokerException e) {
            if (e.away()) {
                throw e;
            }
            LOG.error("{}: {} reports are lost: {}", path, found.size(), e.getMessage());
            trouble = e.getMessage();
        }
        found.clear();
        if (safeTo != place.offset() && file.isOpen()) {
            place = Place.of(file, safeTo);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
