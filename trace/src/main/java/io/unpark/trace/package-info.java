/**
 * Reads Go execution traces (runtime/trace, {@code /debug/pprof/trace}, flight recorder; Go 1.22 to 1.26) and tells the
 * events that Go's own reader tells, in an order that respects causality. Depends on the JDK alone.
 *
 * <ul>
 *   <li>{@link io.unpark.trace.TraceEvents}: events as {@link io.unpark.trace.TraceEvent records}, one by one; for people.
 *   <li>{@link io.unpark.trace.TraceReader} with an {@link io.unpark.trace.EventVisitor}: the same without allocating;
 *       for programs that read millions of events a second.
 *   <li>{@link io.unpark.trace.GenerationSplitter} and {@link io.unpark.trace.GenerationDecoder}: the file cut into its
 *       self-contained parts, which can be stored, sent and decoded apart.
 *   <li>{@link io.unpark.trace.GoFormatPrinter}: the text of {@code go tool trace -d=parsed}.
 * </ul>
 *
 * <p>Any of them reads from a stream, a buffer or a mapped file, and holds one generation (about a second of a process's
 * life) in memory. Every length that a trace claims is checked against {@link io.unpark.trace.TraceLimits} first. What
 * is wrong with an input is told by one exception, {@link io.unpark.trace.TraceFormatException}.
 */
package io.unpark.trace;
