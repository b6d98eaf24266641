package io.unpark.sink.store;

/**
 * Where a window stands among those of its service.
 *
 * @param ns its end, or the start of a rolled up one, nanoseconds since 1970 UTC
 * @param id tells those of one time apart
 */
public record WindowPlace(long ns, String id) {}
