package io.unpark.ingest;

import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Finds the reports of Go's race detector in a log, whatever stands in front of its lines or between them, and gives each
 * out as soon as it is complete. Understands the wording of Go 1.11 to 1.26.
 *
 * <p>A report that the log cuts is given out with what is there: it may have one access only, and no creation stacks. Any bytes
 * are allowed; nothing but a failing input throws. Memory is bounded by {@link RaceLogLimits}.
 */
public final class RaceLogParser {
    private static final int MAX_ANNOUNCED = 1_000;

    private final RaceLogLimits limits;
    private final Instance instance;
    private final LongSupplier acceptedUnixNs;
    private final Consumer<RaceReport> reports;
    private final Map<String, RaceAssembler> assemblers = new LinkedHashMap<>(16, 0.75f, true);
    private final List<Integer> announced = new ArrayList<>();
    private long lines;
    private long given;
    private long discarded;

    /**
     * For a log that is still written: its lines are given by {@link #line} as they come.
     *
     * @param instance the process that prints it, for keys and ids
     * @param acceptedUnixNs asked for reports whose lines do not tell when they were printed, nanoseconds since 1970 UTC
     * @param reports gets the reports in the order of their ends
     */
    public RaceLogParser(
            RaceLogLimits limits, Instance instance, LongSupplier acceptedUnixNs, Consumer<RaceReport> reports) {
        this.limits = limits;
        this.instance = instance;
        this.acceptedUnixNs = acceptedUnixNs;
        this.reports = reports;
    }

    /**
     * Reads a log to its end. UTF-8, or what its byte-order mark says.
     *
     * @param in plain text; see {@link Decompression} for compressed files; not closed
     * @param instance the process that printed it, for keys and ids
     * @param acceptedUnixNs wall clock for reports whose lines do not tell when they were printed, nanoseconds since 1970 UTC
     * @param reports gets the reports in the order of their ends
     * @throws IOException only when reading fails; what was complete before was given out
     */
    public static RaceLogSummary parse(
            InputStream in, Instance instance, long acceptedUnixNs, RaceLogLimits limits, Consumer<RaceReport> reports)
            throws IOException {
        return new RaceLogParser(limits, instance, () -> acceptedUnixNs, reports)
                .read(new LogLineReader(in, limits.maxLineChars()));
    }

    /** As the other, of text already decoded. */
    public static RaceLogSummary parse(
            Reader in, Instance instance, long acceptedUnixNs, RaceLogLimits limits, Consumer<RaceReport> reports)
            throws IOException {
        return new RaceLogParser(limits, instance, () -> acceptedUnixNs, reports)
                .read(new LogLineReader(in, limits.maxLineChars()));
    }

    private RaceLogSummary read(LogLineReader reader) throws IOException {
        for (String line = reader.next(); line != null; line = reader.next()) {
            line(line);
        }
        end();
        return new RaceLogSummary(lines, given, discarded, reader.overlongLines(), announced);
    }

    /** The next line, without its end. */
    public void line(String line) {
        lines++;
        LogEntry entry = LogUnwrapper.unwrap(line);
        RaceAssembler assembler = assembler(entry.stream());
        for (String text : entry.lines()) {
            assembler.line(text, entry.wrapped(), entry.unixNs());
        }
    }

    /** Whether no report has begun that is not given out: what comes now needs nothing of what came before. */
    public boolean isBetweenReports() {
        return assemblers.values().stream().allMatch(RaceAssembler::isBetweenReports);
    }

    /** Nothing more is to be expected: gives out what is there of a report. More lines may come all the same. */
    public void end() {
        assemblers.values().forEach(this::finish);
        assemblers.clear();
    }

    private RaceAssembler assembler(String stream) {
        RaceAssembler known = assemblers.get(stream);
        if (known != null) {
            return known;
        }
        if (assemblers.size() >= limits.maxStreams()) {
            String eldest = assemblers.keySet().iterator().next();
            finish(assemblers.remove(eldest));
        }
        RaceAssembler added = new RaceAssembler(limits, this::report, this::announce);
        assemblers.put(stream, added);
        return added;
    }

    private void finish(RaceAssembler assembler) {
        assembler.end();
        discarded += assembler.discarded();
    }

    private void report(RaceDraft draft) {
        given++;
        reports.accept(RaceReports.report(draft, instance, acceptedUnixNs.getAsLong()));
    }

    private void announce(int count) {
        if (announced.size() < MAX_ANNOUNCED) {
            announced.add(count);
        }
    }
}
