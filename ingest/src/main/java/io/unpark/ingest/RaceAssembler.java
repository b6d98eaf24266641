package io.unpark.ingest;

import io.unpark.ingest.RaceDraft.AccessDraft;
import io.unpark.ingest.RaceDraft.FrameDraft;
import io.unpark.ingest.RaceDraft.OriginDraft;
import io.unpark.ingest.RaceDraft.Section;
import io.unpark.ingest.RaceGrammar.Marker;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;

/**
 * Puts the reports of one process together from its lines. Lines that cannot belong to a report are passed over, because
 * other writers of the same stream come in between; what is in front of a report's lines is learned from its markers.
 */
final class RaceAssembler {
    private final RaceLogLimits limits;
    private final Consumer<RaceDraft> reports;
    private final IntConsumer announced;
    private final FrameReader frames = new FrameReader();

    private RaceDraft draft;
    private Matcher accessStart;
    private String pendingHeader;
    private long pendingHeaderUnixNs;
    private boolean closing;
    private int foreignLines;
    private long reportChars;
    private long discarded;

    /**
     * @param reports gets each report when it is complete or given up
     * @param announced gets the number of each "Found N data race(s)"
     */
    RaceAssembler(RaceLogLimits limits, Consumer<RaceDraft> reports, IntConsumer announced) {
        this.limits = limits;
        this.reports = reports;
        this.announced = announced;
    }

    /** Beginnings that turned out to be no report. */
    long discarded() {
        return discarded;
    }

    /** Whether nothing has begun. */
    boolean isBetweenReports() {
        return draft == null && accessStart == null;
    }

    /** @param unixNs when the line was written; 0 when not known */
    void line(String line, boolean wrapped, long unixNs) {
        Marker marker = RaceGrammar.marker(line);
        boolean used = marker != null && isOurs(marker, line);
        if (used) {
            used = marker(marker, line, unixNs);
        } else if (draft != null || accessStart != null) {
            used = accessStart != null && finishAccess(line) || frame(line, wrapped);
        }
        if (used && draft != null) {
            foreignLines = 0;
            reportChars += line.length();
            if (reportChars > limits.maxReportChars()) {
                close(false);
            }
        } else if (draft != null && ++foreignLines > limits.maxInterleavedLines()) {
            close(false);
        }
    }

    /** The input ended; what is there is given out. */
    void end() {
        close(true);
    }

    /** A marker after a prefix that the report's own lines do not have is some logger quoting one. */
    private boolean isOurs(Marker marker, String line) {
        return draft == null
                || marker.type() == RaceGrammar.Type.HEADER
                || marker.type() == RaceGrammar.Type.FOUND
                || frames.canBeOurs(line.substring(0, marker.start()));
    }

    private boolean marker(Marker marker, String line, long unixNs) {
        String prefix = line.substring(0, marker.start());
        long markerUnixNs = unixNs == 0 ? LogTimes.inText(prefix) : unixNs;
        switch (marker.type()) {
            case SEPARATOR -> separator();
            case HEADER -> header(prefix, markerUnixNs);
            case ACCESS_START -> {
                accessStart = marker.match();
                frames.learn(prefix);
            }
            case ACCESS -> {
                access(marker.match(), marker.match(), markerUnixNs);
                frames.learn(prefix);
                frames.forgetPending();
            }
            case ORIGIN -> {
                return origin(marker.match(), prefix);
            }
            case OTHER_SECTION -> {
                return otherSection(marker, line, prefix);
            }
            case RESTORE_FAILED -> {
                return restoreFailed();
            }
            case FOUND -> {
                announced.accept(Integer.parseInt(marker.match().group("count")));
                close(false);
            }
        }
        return true;
    }

    private void header(String prefix, long unixNs) {
        if (draft != null && (draft.hasStack() || !frames.canBeOurs(prefix))) {
            // Said in the middle of a report it may be anybody's; the next first access decides.
            pendingHeader = prefix;
            pendingHeaderUnixNs = unixNs;
            return;
        }
        open(true, unixNs);
        frames.learn(prefix);
    }

    private void separator() {
        if (draft == null) {
            return;
        }
        // The line of 18 '=' may be the application's: a report that misses a part stays open for it.
        closing = true;
        if (draft.isWhole()) {
            close(false);
        }
    }

    private boolean finishAccess(String line) {
        Matcher end = RaceGrammar.accessEnd(frames.strip(line));
        if (end == null) {
            return false;
        }
        access(accessStart, end, 0);
        return true;
    }

    /**
     * @param what match with the operation and address
     * @param by match with the goroutine
     */
    private void access(Matcher what, Matcher by, long unixNs) {
        accessStart = null;
        boolean previous = what.group("previous") != null;
        if (draft != null) {
            draft.dropUnconfirmed();
        }
        int known = draft == null ? 0 : draft.accesses().size();
        boolean another = known == RaceDraft.MAX_ACCESSES || (!previous && known > 0);
        if (draft == null || another) {
            String header = pendingHeader;
            open(header != null, header != null ? pendingHeaderUnixNs : unixNs);
            if (header != null) {
                frames.learn(header);
            }
        }
        closing = false;
        draft.seenAt(unixNs);
        boolean main = by.group("main") != null;
        boolean atomic = what.group("operation").toLowerCase(Locale.ROOT).contains("atomic ");
        boolean write = what.group("operation").toLowerCase(Locale.ROOT).endsWith("write");
        String address = what.group("address") == null ? "" : what.group("address");
        String title = what.group("operation")
                + (address.isEmpty() ? "" : " at " + address)
                + (main ? " by main goroutine:" : " by goroutine " + by.group("id") + ":");
        long goroutine = main ? 0 : Long.parseLong(by.group("id"));
        draft.add(new AccessDraft(new Section(title), write, atomic, address, goroutine, main));
    }

    private boolean origin(Matcher match, String prefix) {
        long goroutine = Long.parseLong(match.group("id"));
        if (draft == null || draft.accesses().isEmpty() || !draft.awaitsOrigin(goroutine)) {
            return false;
        }
        closing = false;
        frames.learn(prefix);
        frames.forgetPending();
        draft.add(new OriginDraft(
                new Section(match.group().stripTrailing()),
                goroutine,
                match.group("state").equals("finished")));
        return true;
    }

    private boolean otherSection(Marker marker, String line, String prefix) {
        if (draft == null || closing) {
            return false;
        }
        frames.learn(prefix);
        frames.forgetPending();
        draft.addOther(new Section(line.substring(marker.start()).stripTrailing()));
        return true;
    }

    private boolean restoreFailed() {
        Section section = section();
        if (section == null || section.hasStack()) {
            return false;
        }
        section.restoreFailed = true;
        return true;
    }

    private boolean frame(String line, boolean wrapped) {
        Section section = section();
        if (section == null) {
            return false;
        }
        FrameDraft frame = frames.read(line, wrapped);
        if (frame != null && !section.restoreFailed && section.frames.size() < limits.maxFrames()) {
            section.frames.add(frame);
        }
        return frame != null || frames.pending();
    }

    private Section section() {
        return draft == null ? null : draft.current();
    }

    private void open(boolean headerSeen, long unixNs) {
        close(false);
        draft = new RaceDraft(headerSeen, unixNs);
    }

    private void close(boolean cut) {
        RaceDraft finished = draft;
        if (finished != null) {
            if (cut) {
                frames.flush(finished.current(), limits.maxFrames());
            }
            if (finished.settle(cut && !closing)) {
                reports.accept(finished);
            } else {
                discarded++;
            }
        }
        draft = null;
        accessStart = null;
        pendingHeader = null;
        pendingHeaderUnixNs = 0;
        closing = false;
        foreignLines = 0;
        reportChars = 0;
        frames.reset();
    }
}
