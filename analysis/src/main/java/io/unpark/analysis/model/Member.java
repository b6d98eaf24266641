package io.unpark.analysis.model;

/**
 * A goroutine that worked for a request beside its main one, until the request's end.
 *
 * @param start the function that it started with, "" when not known
 * @param pooled it serves many requests, one after the other; else the request created it, directly or not
 * @param certain the request created it, or its task's region or log says so; else it was read off who woke whom
 * @param cpuNs what it ran for the request
 */
public record Member(long goroutine, String start, boolean pooled, boolean certain, long cpuNs) {}
