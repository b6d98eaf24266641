package io.unpark.sink.store;

import java.util.SortedSet;

/**
 * A version of a service.
 *
 * @param firstNs start of its first window, and {@code lastNs} end of its last one: event time, nanoseconds since 1970 UTC
 * @param instances names as far as windows tell them: hours do not
 */
public record VersionSeen(String version, long firstNs, long lastNs, SortedSet<String> instances) {}
