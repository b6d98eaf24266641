package io.unpark.app.console;

import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Member;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.analysis.request.CausalChain;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One request for people: a line for each service's part, indented below its caller, with a bar of where its time went at the
 * time when it went; then the chain of causes with its lines.
 */
public final class RequestWaterfall {
    private static final int NAME_MAX = 44;
    private static final int FIGURES = 14;
    private static final int MEMBERS_MAX = 8;
    private static final String LEGEND =
            "= running  r ready, not run  s system call  g garbage collection  . blocked  (in proportion, not in order)";

    private final int columns;
    private final Collection<RequestSegment> segments;
    private final Map<String, RequestSegment> byParent = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final Set<RequestSegment> placed = new HashSet<>();

    /** A segment at its place on the clock of the first one. */
    private record Row(int depth, RequestSegment segment, long startNs, boolean moved) {}

    public RequestWaterfall(int columns, Collection<RequestSegment> segments) {
        this.columns = columns;
        this.segments = segments;
    }

    public void print(PrintWriter out) {
        RequestSegment first = CausalChain.first(segments);
        segments.stream()
                .sorted(Comparator.comparingLong(RequestSegment::startNs).thenComparing(RequestSegment::segmentId))
                .forEach(s -> byParent.putIfAbsent(s.parentSpanId(), s));
        place(0, first, first.startNs(), false);
        segments.stream()
                .filter(s -> !placed.contains(s))
                .sorted(Comparator.comparingLong(RequestSegment::startNs).thenComparing(RequestSegment::segmentId))
                .forEach(s -> place(0, s, s.startNs(), false));
        out.println("Request " + visible(first.requestId()));
        out.println();
        rows(out);
        out.println();
        chain(CausalChain.ofRequest(segments), out);
        members(out);
    }

    /** Who worked for it beside the handlers, the busiest first. */
    private void members(PrintWriter out) {
        List<RequestSegment> withMembers = rows.stream()
                .map(Row::segment)
                .filter(segment -> segment.memberCount() > 0)
                .toList();
        if (withMembers.isEmpty()) {
            return;
        }
        out.println();
        out.println("           RAN  ITS OTHER GOROUTINES");
        for (RequestSegment segment : withMembers) {
            List<Member> shown = segment.members().stream().limit(MEMBERS_MAX).toList();
            for (Member member : shown) {
                out.println(ms(member.cpuNs()) + "    "
                        + visible(segment.instance().service()) + ": goroutine "
                        + member.goroutine() + " " + visible(member.start()) + (member.pooled() ? ", of a pool" : "")
                        + (member.certain() ? "" : " (inferred)"));
            }
            if (segment.memberCount() > shown.size()) {
                out.println(" ".repeat(FIGURES + 2) + visible(segment.instance().service()) + ": and "
                        + (segment.memberCount() - shown.size()) + " more");
            }
        }
    }

    private void place(int depth, RequestSegment segment, long startNs, boolean moved) {
        if (!placed.add(segment)) {
            return;
        }
        rows.add(new Row(depth, segment, startNs, moved));
        long shiftNs = startNs - segment.startNs();
        for (OutgoingCall call : segment.calls()) {
            RequestSegment callee = call.spanId().isEmpty() ? null : byParent.get(call.spanId());
            if (callee != null) {
                place(depth + 1, callee, call, shiftNs);
            }
        }
    }

    /** Within the call, whatever the callee's clock says; where exactly is not known when that contradicts the call. */
    private void place(int depth, RequestSegment callee, OutgoingCall call, long shiftNs) {
        long length = callee.endNs() - callee.startNs();
        boolean fits = callee.startNs() >= call.startNs() && (call.endNs() == 0 || callee.endNs() <= call.endNs());
        long spareNs = Math.max(0, call.endNs() - call.startNs() - length);
        place(depth, callee, (fits ? callee.startNs() : call.startNs() + spareNs / 2) + shiftNs, !fits);
    }

    private void rows(PrintWriter out) {
        long fromNs = rows.stream().mapToLong(Row::startNs).min().orElseThrow();
        long toNs = rows.stream()
                .mapToLong(row -> row.startNs() + length(row))
                .max()
                .orElseThrow();
        int names = Math.min(
                NAME_MAX,
                rows.stream().mapToInt(row -> name(row).length()).max().orElse(0));
        int width = Math.max(10, columns - names - FIGURES);
        boolean moved = false;
        for (Row row : rows) {
            String name = name(row);
            String shown = name.length() <= names ? name + " ".repeat(names - name.length()) : name.substring(0, names);
            out.println((shown + " " + ms(length(row)) + " " + bar(row, fromNs, toNs, width)).stripTrailing());
            moved |= row.moved();
        }
        out.println(" ".repeat(names + FIGURES) + LEGEND);
        if (moved) {
            out.println(
                    "~ its clock and its caller's disagree: it is shown in the middle of the call, its place is not known");
        }
    }

    private static long length(Row row) {
        return row.segment().endNs() - row.segment().startNs();
    }

    private static String name(Row row) {
        RequestSegment s = row.segment();
        String marks = (row.moved() ? "~" : "") + (s.startTruncated() || s.endTruncated() ? " (truncated)" : "");
        return "  ".repeat(row.depth()) + visible(s.instance().service() + " " + s.route()) + marks;
    }

    private static String bar(Row row, long fromNs, long toNs, int width) {
        long spanNs = Math.max(1, toNs - fromNs);
        int at = cells(row.startNs() - fromNs, spanNs, width);
        int length = Math.max(1, cells(length(row), spanNs, width));
        StringBuilder bar = new StringBuilder(" ".repeat(Math.min(at, width - 1)));
        TimeSplit split = row.segment().split();
        long[] parts = {
            split.runningNs(),
            split.runnableNs(),
            split.syscallNs(),
            split.gcAssistNs() + split.stopTheWorldNs(),
            split.blockedTotalNs()
        };
        long total = Math.max(1, split.totalNs());
        long passed = 0;
        int drawn = 0;
        for (int i = 0; i < parts.length; i++) {
            passed += parts[i];
            int until = i == parts.length - 1 ? length : cells(passed, total, length);
            bar.append(String.valueOf("=rsg.".charAt(i)).repeat(Math.max(0, until - drawn)));
            drawn = Math.max(drawn, until);
        }
        return bar.substring(0, Math.min(bar.length(), width));
    }

    /** Rounded: a part of half a cell is drawn. */
    private static int cells(long part, long whole, int width) {
        return (int) Math.round((double) part / whole * width);
    }

    private void chain(List<CauseStep> steps, PrintWriter out) {
        if (steps.isEmpty()) {
            out.println("Why it took so long is not known: its goroutine's history was not kept.");
            return;
        }
        out.println("  SHARE      OWN TIME  WHY");
        for (CauseStep step : steps) {
            String where = step.function().isEmpty() ? "" : "  " + step.function() + place(step);
            out.println(String.format(
                            Locale.ROOT,
                            "%5.1f %% %s  %s%s: %s%s",
                            step.sharePermille() / 10.0,
                            ms(step.durationNs()),
                            "  ".repeat(step.depth()),
                            visible(step.service()),
                            step.what(),
                            visible(where))
                    .stripTrailing());
        }
    }

    private static String place(CauseStep step) {
        return step.line() > 0 ? " " + step.file().replaceFirst(".*[/\\\\]", "") + ":" + step.line() : "";
    }

    private static String ms(long ns) {
        return String.format(Locale.ROOT, "%9.3f ms", ns / 1e6);
    }

    /** Names come from input: no control character may reach the terminal. */
    private static String visible(String text) {
        return text.replaceAll("\\p{Cntrl}", "\ufffd");
    }
}
