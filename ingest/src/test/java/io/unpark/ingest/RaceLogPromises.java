package io.unpark.ingest;

import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** What holds for any bytes that are taken for a race log. Anything else leaves {@link #hold} as an error. */
final class RaceLogPromises {
    private static final Instance INSTANCE = new Instance("", "orders", "orders-1", "");
    private static final RaceLogLimits LIMITS = RaceLogLimits.DEFAULT;

    /** CPU time, not wall time, so that a busy machine breaks nothing. */
    private static final long MAX_CPU_NS = 5_000_000_000L;

    private static final long MAX_ALLOCATED = 16L << 20;

    /** Sections are written anew: their titles and indents come on top of the lines that count. */
    private static final int MOST_TEXT = 2 * LIMITS.maxReportChars();

    private static final long MAX_ALLOCATED_PER_BYTE = 512;

    private RaceLogPromises() {}

    /** The reports; they are within the limits, and say the same when they are read again. */
    static List<RaceReport> hold(byte[] log) throws IOException {
        List<RaceReport> reports = read(log);
        for (RaceReport report : reports) {
            check(!report.getAccesses().isEmpty(), "a report without an access");
            check(
                    report.getText().length() <= MOST_TEXT,
                    "a report of " + report.getText().length() + " characters");
            check(
                    report.getAccesses().stream().allMatch(it -> it.getStack().size() <= LIMITS.maxFrames()),
                    "a stack beyond its limit");
            same(report);
        }
        return reports;
    }

    /** As {@link #hold}, and watches what reading costs; not for instrumented code. */
    static List<RaceReport> bounded(byte[] log) throws IOException {
        long beganNs = cpuNs();
        long allocated = allocatedBytes();
        read(log);
        long bytes = allocatedBytes() - allocated;
        check(cpuNs() - beganNs <= MAX_CPU_NS, "it takes too long");
        check(bytes <= MAX_ALLOCATED + MAX_ALLOCATED_PER_BYTE * log.length, "it allocates " + bytes + " bytes");
        return hold(log);
    }

    private static List<RaceReport> read(byte[] log) throws IOException {
        List<RaceReport> reports = new ArrayList<>();
        RaceLogSummary summary = RaceLogParser.parse(new ByteArrayInputStream(log), INSTANCE, 1, LIMITS, reports::add);
        check(summary.reports() == reports.size(), "the summary counts other reports than were given out");
        return reports;
    }

    /** What is printed of a report tells of the same race when it is read again, or of less: what was cut has no stack to confirm it. */
    private static void same(RaceReport report) throws IOException {
        List<RaceReport> again = new ArrayList<>();
        RaceLogParser.parse(new StringReader(report.getText()), INSTANCE, 1, LIMITS, again::add);
        check(again.size() <= 1, "a report's text is " + again.size() + " reports: " + report.getText());
        List<String> before = sides(report);
        for (RaceReport it : again) {
            check(before.containsAll(sides(it)), before + " became " + sides(it) + ": " + report.getText());
        }
    }

    private static List<String> sides(RaceReport report) {
        return report.getAccesses().stream()
                .map(it -> it.getOperation() + " " + it.getAddress() + " " + it.getGoroutine())
                .toList();
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
