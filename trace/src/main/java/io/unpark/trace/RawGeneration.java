package io.unpark.trace;

import java.nio.ByteBuffer;

/**
 * One generation's bytes, undecoded: whole batches, without the file's header, ended where the next generation begins.
 * With {@link TraceHeader#bytes} in front it is a trace that Go's tools open, because the runtime makes every generation
 * self-contained.
 *
 * @param generation the runtime's number, from 1
 * @param bytes position 0 to limit; not to be changed
 */
public record RawGeneration(long generation, ByteBuffer bytes) {}
