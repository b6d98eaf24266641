package io.unpark.analysis.model;

/**
 * A goroutine of a request that went on after the request's deadline or cancellation.
 *
 * @param lateNs how long after the expiry it was still at work (lower bound when it had not ended)
 * @param cpuNs time it ran after the expiry
 * @param stack where it was seen last
 */
public record LateWork(long goroutine, long lateNs, long cpuNs, boolean stillAtWork, Stack stack) {}
