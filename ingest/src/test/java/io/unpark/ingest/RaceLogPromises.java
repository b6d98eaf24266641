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
    private static final long MAX_ALLOCATED_PER_BYTE = 512;

    private RaceLogPromises() {}

    /** The reports; they are within the limits, and so is what reading them costs. */
    static List<RaceReport> hold(byte[] log) throws IOException {
        List<RaceReport> reports = new ArrayList<>();
        RaceLogSummary summary = RaceLogParser.parse(new ByteArrayInputStream(log), INSTANCE, 1, LIMITS, reports::add);
        check(summary.reports() == reports.size(), "the summary counts other reports than were given out");
        for (RaceReport report : reports) {
            check(!report.getAccesses().isEmpty(), "a report without an access");
            check(report.getText().length() <= LIMITS.maxReportChars(), "a report beyond its limit");
            check(
                    report.getAccesses().stream().allMatch(it -> it.getStack().size() <= LIMITS.maxFrames()),
                    "a stack beyond its limit");
            same(report);
        }
        return reports;
    }

    /** As {@link #hold}, and watches what it costs; not for instrumented code. */
    static List<RaceReport> bounded(byte[] log) throws IOException {
        long beganNs = cpuNs();
        long allocated = allocatedBytes();
        List<RaceReport> reports = hold(log);
        check(cpuNs() - beganNs <= MAX_CPU_NS, "it takes too long");
        check(allocatedBytes() - allocated <= MAX_ALLOCATED + MAX_ALLOCATED_PER_BYTE * log.length, "it takes memory");
        return reports;
    }

    /** What is printed of a report says the same when it is read again: it may have come through another log. */
    private static void same(RaceReport report) throws IOException {
        List<RaceReport> again = new ArrayList<>();
        RaceLogParser.parse(new StringReader(report.getText()), INSTANCE, 1, LIMITS, again::add);
        check(again.size() == 1, "a report's text is " + again.size() + " reports: " + report.getText());
        check(again.get(0).getAccesses().equals(report.getAccesses()), "other accesses in " + report.getText());
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
