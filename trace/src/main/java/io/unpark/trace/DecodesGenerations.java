package io.unpark.trace;

import java.nio.ByteBuffer;

/** Decodes single generations, one after the other. */
public interface DecodesGenerations {
    /**
     * Decodes one whole generation, and tells all of it before it returns, on the calling thread.
     *
     * @param bytes from position to limit, whole batches of one generation without the file's header; left unchanged
     * @throws TraceFormatException when it is cut or breaks the format's rules; its offset counts from the generation's
     *     first byte. The visitor may have seen events before.
     */
    void decode(ByteBuffer bytes, EventVisitor visitor) throws TraceFormatException;
}
