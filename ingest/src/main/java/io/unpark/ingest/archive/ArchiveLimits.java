package io.unpark.ingest.archive;

/**
 * What an archive may take.
 *
 * @param quotaBytes of all files together; at the limit the oldest hours go
 * @param maxFileBytes of one file; the capture goes on in another one
 * @param maxOpen captures that are remembered, so that they go on in their file; the others get another file
 */
public record ArchiveLimits(long quotaBytes, long maxFileBytes, int maxOpen) {
    /** By default. */
    public static final long DEFAULT_QUOTA_BYTES = 20_000_000_000L;

    private static final long MAX_FILE_BYTES = 256L << 20;
    private static final int MAX_OPEN = 10_000;

    public ArchiveLimits {
        if (quotaBytes < 1 || maxFileBytes < 1 || maxOpen < 1) {
            throw new IllegalArgumentException("the limits of an archive are from 1");
        }
    }

    public static ArchiveLimits ofQuota(long quotaBytes) {
        return new ArchiveLimits(quotaBytes, MAX_FILE_BYTES, MAX_OPEN);
    }
}
