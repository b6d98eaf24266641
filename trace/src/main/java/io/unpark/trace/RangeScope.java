package io.unpark.trace;

/** Whose interval a range is. */
public enum RangeScope {
    GLOBAL,
    GOROUTINE,
    PROC
}
