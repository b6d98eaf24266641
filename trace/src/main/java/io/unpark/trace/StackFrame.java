package io.unpark.trace;

/**
 * One frame of a stack.
 *
 * @param pc program counter, unsigned; with the function and line a frame's identity within one process
 * @param function fully qualified, as {@code net/http.(*conn).serve}
 * @param file as the compiler recorded it, usually an absolute path on the machine that built the program
 * @param line from 1; 0 when not known
 */
public record StackFrame(long pc, String function, String file, int line) {}
