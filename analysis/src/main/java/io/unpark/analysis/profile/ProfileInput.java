package io.unpark.analysis.profile;

/**
 * A profile as it travels.
 *
 * @param id hash of the instance and the bytes: what came before changes nothing
 * @param takenNs when it was taken, wall clock, nanoseconds since 1970 UTC
 * @param bytes profile.proto, plain or in gzip
 * @param input base name of the file it came from, "" in the pipeline
 */
public record ProfileInput(String id, long takenNs, byte[] bytes, String input) {}
