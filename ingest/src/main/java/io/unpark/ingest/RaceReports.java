package io.unpark.ingest;

import io.unpark.ingest.RaceDraft.AccessDraft;
import io.unpark.ingest.RaceDraft.FrameDraft;
import io.unpark.ingest.RaceDraft.OriginDraft;
import io.unpark.ingest.RaceDraft.Section;
import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.record.Frame;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceAccess;
import io.unpark.schemas.record.RaceOrigin;
import io.unpark.schemas.record.RaceReport;
import java.util.List;

/** Makes records of drafts. */
final class RaceReports {
    private RaceReports() {}

    /** @param acceptedUnixNs used when the log does not tell when the report was printed */
    static RaceReport report(RaceDraft draft, Instance instance, long acceptedUnixNs) {
        String text = text(draft);
        return RaceReport.newBuilder()
                .setId(ContentHash.of(InstanceKey.of(instance).encode() + "\n" + text))
                .setInstance(instance)
                .setReportedUnixNs(draft.unixNs() == 0 ? acceptedUnixNs : draft.unixNs())
                .setAccesses(draft.accesses().stream().map(RaceReports::access).toList())
                .setOrigins(draft.origins().stream().map(RaceReports::origin).toList())
                .setText(text)
                .build();
    }

    /** The report as the detector prints it, so that the same report has the same text whatever wrote it down. */
    static String text(RaceDraft draft) {
        StringBuilder out =
                new StringBuilder(1024).append(RaceGrammar.SEPARATOR).append('\n');
        String gap = "";
        if (draft.headerSeen()) {
            out.append(RaceGrammar.HEADER).append('\n');
        }
        for (AccessDraft access : draft.accesses()) {
            out.append(gap);
            section(access.section(), out);
            gap = "\n";
        }
        for (Section other : draft.others()) {
            out.append('\n');
            section(other, out);
        }
        for (OriginDraft origin : draft.origins()) {
            out.append('\n');
            section(origin.section(), out);
        }
        return out.append(RaceGrammar.SEPARATOR).append('\n').toString();
    }

    private static void section(Section section, StringBuilder out) {
        out.append(section.title).append('\n');
        if (section.restoreFailed) {
            out.append("  ").append(RaceGrammar.RESTORE_FAILED).append('\n');
        }
        for (FrameDraft frame : section.frames) {
            out.append("  ").append(frame.function()).append("()\n");
            if (!frame.file().isEmpty()) {
                out.append("      ").append(frame.file()).append(':').append(frame.line());
                out.append(' ').append(frame.offset()).append('\n');
            }
        }
    }

    private static RaceAccess access(AccessDraft draft) {
        return RaceAccess.newBuilder()
                .setOperation(draft.write() ? "write" : "read")
                .setAtomic(draft.atomic())
                .setAddress(draft.address())
                .setGoroutine(draft.goroutine())
                .setMain(draft.main())
                .setStack(stack(draft.section()))
                .build();
    }

    private static RaceOrigin origin(OriginDraft draft) {
        return RaceOrigin.newBuilder()
                .setGoroutine(draft.goroutine())
                .setFinished(draft.finished())
                .setStack(stack(draft.section()))
                .build();
    }

    private static List<Frame> stack(Section section) {
        return section.frames.stream()
                .map(frame -> Frame.newBuilder()
                        .setFunction(frame.function())
                        .setFile(frame.file())
                        .setLine(frame.line())
                        .build())
                .toList();
    }
}
