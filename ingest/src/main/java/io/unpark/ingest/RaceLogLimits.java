package io.unpark.ingest;

/**
 * Bounds on what a race log may make the parser hold. The detector itself prints two accesses, at most one creation stack a
 * goroutine, and 256 frames a stack.
 *
 * @param maxLineChars longest physical line; a JSON logger may put a whole report into one
 * @param maxReportChars longest report text
 * @param maxFrames frames of a stack; the rest is left out
 * @param maxInterleavedLines foreign lines within a report, after which it counts as cut
 * @param maxStreams processes told apart in one log by their prefix
 */
public record RaceLogLimits(
        int maxLineChars, int maxReportChars, int maxFrames, int maxInterleavedLines, int maxStreams) {
    /** What `collect` and `analyze` use. */
    public static final RaceLogLimits DEFAULT = new RaceLogLimits(1 << 20, 256 << 10, 256, 2_000, 64);

    public RaceLogLimits {
        if (maxLineChars < 256 || maxReportChars < 1024 || maxFrames < 1 || maxInterleavedLines < 1 || maxStreams < 1) {
            throw new IllegalArgumentException("limits of a race log are too small");
        }
    }
}
