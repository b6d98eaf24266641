package io.unpark.ingest.archive;

/**
 * What an archive did since it was opened.
 *
 * @param bytes that it takes now
 * @param generations kept
 * @param reports kept
 * @param repeated generations that came again and are not kept twice
 * @param leftOut generations and reports for which the current hour alone left no room
 * @param failures writes that failed, such as on a full disk; what they were about is on the topic only
 * @param removedHours hours of one service that went to make room
 * @param removedBytes of those
 */
public record ArchiveStatus(
        long bytes,
        long generations,
        long reports,
        long repeated,
        long leftOut,
        long failures,
        long removedHours,
        long removedBytes) {}
