package io.unpark.sink.store;

/** How far the copy of a slice is. */
public enum SliceState {
    PENDING,
    READY,
    GONE
}
