package io.unpark.sink.store;

/**
 * A step of one partition's offset.
 *
 * @param expected what the database must hold for the step to be taken; {@link #ABSENT} for no row
 * @param next the offset to read next once the rows are in
 */
public record OffsetAdvance(SourcePartition source, long expected, long next) {
    /** No offset was ever stored. */
    public static final long ABSENT = -1;
}
