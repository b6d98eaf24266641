package io.unpark.trace.pprof;

/**
 * One function of a stack.
 *
 * @param function as the runtime prints it, such as {@code main.(*cache).put}
 * @param file as the compiler recorded it
 * @param line from 1; 0 when not known
 */
public record PprofFrame(String function, String file, int line) {}
