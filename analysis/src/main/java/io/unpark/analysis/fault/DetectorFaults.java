package io.unpark.analysis.fault;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Calls detectors, and counts the exceptions of those that fail, and what is left out because an instance has too much of it. What is kept of an exception is a line, and of each detector two
 * lines: a bug that every generation meets must not fill a log or the memory. Safe for use by several threads.
 */
public final class DetectorFaults {
    private static final int MAX_MESSAGE_CHARS = 300;
    /** Detectors are a closed set; whoever names them otherwise is bounded all the same. */
    private static final int MAX_DETECTORS = 100;

    private static final String OURS = "io.unpark.";

    private final Map<String, DetectorFault> byDetector = new TreeMap<>();
    private final Map<String, Long> limited = new TreeMap<>();

    /**
     * Asks a detector.
     *
     * @return empty when it threw; errors of the machine, such as no memory, are thrown on
     */
    public <T> Optional<T> guard(String detector, Supplier<T> judgement) {
        try {
            return Optional.of(judgement.get());
        } catch (RuntimeException | StackOverflowError e) {
            failed(detector, e);
            return Optional.empty();
        }
    }

    private synchronized void failed(String detector, Throwable e) {
        if (byDetector.size() >= MAX_DETECTORS && !byDetector.containsKey(detector)) {
            return;
        }
        String text = line(e);
        byDetector.merge(
                detector,
                new DetectorFault(detector, 1, 0, text, text),
                (before, now) ->
                        new DetectorFault(detector, before.count() + 1, before.skipped(), before.first(), now.last()));
    }

    /** A detector was not asked, since it had failed before. */
    public synchronized void skipped(String detector) {
        byDetector.computeIfPresent(
                detector, (name, it) -> new DetectorFault(name, it.count(), it.skipped() + 1, it.first(), it.last()));
    }

    /** Detectors that failed, by name. */
    public synchronized List<DetectorFault> list() {
        return List.copyOf(byDetector.values());
    }

    /** So many were left out because an instance has more of them than are held. */
    public synchronized void limited(String what, long count) {
        if (count > 0 && (limited.size() < MAX_DETECTORS || limited.containsKey(what))) {
            limited.merge(what, count, Long::sum);
        }
    }

    /** What was left out at a limit, by what it was. */
    public synchronized Map<String, Long> limited() {
        return new TreeMap<>(limited);
    }

    private static String line(Throwable e) {
        StringBuilder line = new StringBuilder(e.getClass().getSimpleName());
        if (e.getMessage() != null) {
            line.append(": ").append(e.getMessage().lines().findFirst().orElse(""));
        }
        if (line.length() > MAX_MESSAGE_CHARS) {
            line.setLength(MAX_MESSAGE_CHARS);
            line.append("...");
        }
        for (StackTraceElement frame : e.getStackTrace()) {
            if (frame.getClassName().startsWith(OURS)) {
                return line.append(" (").append(place(frame)).append(')').toString();
            }
        }
        return line.toString();
    }

    private static String place(StackTraceElement frame) {
        return frame.getFileName() + ":" + frame.getLineNumber();
    }
}
