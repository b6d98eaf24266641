package io.unpark.trace;

import java.nio.ByteBuffer;

/**
 * Decodes single generations, each as if it were the first of a trace: the runtime makes every generation self-contained,
 * and a flight recorder's snapshot starts anywhere. The visitor sees one {@link EventVisitor#sync} at the beginning and
 * none at the end. One decoder may serve any number of generations; it is not thread-safe.
 */
public final class GenerationDecoder implements DecodesGenerations {
    private final Generation generation;
    private final Orderer orderer;
    private byte[] copy = new byte[0];

    /**
     * @param goMinor from the trace's {@link TraceHeader}
     */
    public GenerationDecoder(int goMinor, TraceLimits limits) {
        generation = new Generation(goMinor, limits);
        orderer = new Orderer(limits);
    }

    /** As {@link #decode(ByteBuffer, EventVisitor)}. */
    public void decode(RawGeneration raw, EventVisitor visitor) throws TraceFormatException {
        decode(raw.bytes(), visitor);
    }

    @Override
    public void decode(ByteBuffer bytes, EventVisitor visitor) throws TraceFormatException {
        orderer.reset();
        if (bytes.hasArray()) {
            int from = bytes.arrayOffset() + bytes.position();
            decodeAt(bytes.array(), from, from + bytes.remaining(), visitor);
        } else {
            int length = bytes.remaining();
            if (copy.length < length) {
                copy = new byte[length];
            }
            bytes.duplicate().get(copy, 0, length);
            decodeAt(copy, 0, length, visitor);
        }
    }

    private void decodeAt(byte[] data, int from, int to, EventVisitor visitor) throws TraceFormatException {
        try {
            index(data, from, to);
            begin(visitor, 0);
            rest(visitor);
        } catch (TraceFormatException e) {
            throw from == 0 ? e : e.within(-from, 0);
        }
    }

    /** First half of a decode: everything but the events. Nothing is told yet. */
    void index(byte[] data, int from, int to) throws TraceFormatException {
        generation.index(data, from, to);
    }

    /** Second half, the events: begin, then {@link #rest}, or {@link #step} until it returns false. */
    void begin(EventVisitor visitor, int syncs) throws TraceFormatException {
        visitor.generationBegin(generation);
        orderer.sync(visitor, generation.beginNs(), syncs);
        orderer.begin(generation, visitor);
    }

    /** Tells all that is left. The state holds on for the next generation, unless it is reset. */
    void rest(EventVisitor visitor) throws TraceFormatException {
        orderer.rest(generation);
        visitor.generationEnd(generation);
    }

    /** Tells what the next event of the wire means; false when there was none, and the end was told. */
    boolean step(EventVisitor visitor) throws TraceFormatException {
        if (orderer.step(generation)) {
            return true;
        }
        visitor.generationEnd(generation);
        return false;
    }

    /** Go's reader ends every trace, also a broken one, with a Sync. */
    void lastSync(EventVisitor visitor, int syncs) {
        orderer.sync(visitor, orderer.lastNs(), syncs);
    }
}
