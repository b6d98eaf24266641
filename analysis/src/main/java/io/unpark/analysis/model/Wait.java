package io.unpark.analysis.model;

/**
 * One wait of a goroutine of a request.
 *
 * @param startNs wall clock
 * @param atLeast it began before the trace or had not ended: the duration is a lower bound
 * @param reason as the runtime names it
 * @param wakerGoroutine who made it runnable; -1 for nobody (a timer, the network poller) or not known
 * @param wakerStack where the waker was, empty when there was none
 */
public record Wait(
        long goroutine,
        long startNs,
        long durationNs,
        boolean atLeast,
        String reason,
        Stack stack,
        long wakerGoroutine,
        Stack wakerStack) {}
