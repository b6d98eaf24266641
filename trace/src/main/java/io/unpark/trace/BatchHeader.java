package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;

/**
 * The frame around a batch: type, experiment where it has one, generation, M, time, size. Reads it from bytes that may end
 * too early, which is no error here: more may be on the way.
 */
final class BatchHeader {
    private static final int MAX_VARINT_BYTES = 10;

    /** Whether all of a batch is there. */
    enum Status {
        WHOLE,
        CUT
    }

    private byte[] data;
    private int pos;
    private int to;
    private boolean cut;

    private boolean endOfGeneration;
    private boolean generationKnown;
    private int experiment;
    private long generation;
    private long m;
    private long ticks;
    private int dataStart;
    private int end;

    /** Reads the batch that begins at {@code from}; there is at least one byte. */
    Status parse(byte[] bytes, int from, int limit, int goMinor) throws TraceFormatException {
        data = bytes;
        pos = from;
        to = limit;
        cut = false;
        generationKnown = false;
        generation = 0;
        experiment = 0;
        int type = data[pos++] & 0xff;
        endOfGeneration =
                type == WireEvent.END_OF_GENERATION.code && goMinor >= WireEvent.END_OF_GENERATION.sinceGoMinor;
        if (endOfGeneration) {
            end = pos;
            return Status.WHOLE;
        }
        if (type != WireEvent.EVENT_BATCH.code && type != WireEvent.EXPERIMENTAL_BATCH.code) {
            throw corrupt("expected a batch, found " + WireEvent.describe(type));
        }
        if (type == WireEvent.EXPERIMENTAL_BATCH.code) {
            experiment = nextByte();
        }
        generation = varint("a batch's generation");
        generationKnown = !cut;
        m = varint("a batch's M");
        ticks = varint("a batch's time");
        long size = varint("a batch's size");
        if (!cut && (size < 0 || size > TraceLimits.MAX_BATCH_BYTES)) {
            throw corrupt("a batch of " + Long.toUnsignedString(size) + " bytes; the maximum is "
                    + TraceLimits.MAX_BATCH_BYTES);
        }
        dataStart = pos;
        end = pos + (int) size;
        return status();
    }

    Status status() {
        return cut || end > to ? Status.CUT : Status.WHOLE;
    }

    boolean endOfGeneration() {
        return endOfGeneration;
    }

    /** Whether {@link #generation} was read, also from a batch that is cut or broken further on. */
    boolean generationKnown() {
        return generationKnown;
    }

    int experiment() {
        return experiment;
    }

    long generation() {
        return generation;
    }

    long m() {
        return m;
    }

    long ticks() {
        return ticks;
    }

    int dataStart() {
        return dataStart;
    }

    /** Where the next batch begins; beyond the bytes at hand when this one is cut. */
    int end() {
        return end;
    }

    private int nextByte() {
        if (pos >= to) {
            cut = true;
            return 0;
        }
        return data[pos++] & 0xff;
    }

    private long varint(String what) throws TraceFormatException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES && !cut; i++) {
            int b = nextByte();
            if (i == MAX_VARINT_BYTES - 1 && b > 1) {
                break;
            }
            value |= (b & 0x7fL) << (7 * i);
            if (b < 0x80) {
                return value;
            }
        }
        if (cut) {
            return 0;
        }
        throw corrupt(what + " does not fit 64 bits");
    }

    private TraceFormatException corrupt(String message) {
        return new TraceFormatException(Reason.CORRUPT, pos, generation, message);
    }
}
