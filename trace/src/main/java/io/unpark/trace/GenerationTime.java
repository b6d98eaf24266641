package io.unpark.trace;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * When a generation began, from the frames of its batches and its clock; no event is looked at, so this costs little.
 *
 * @param beginNs trace time of its first batch, nanoseconds
 * @param clock both clocks at one moment; empty before Go 1.25
 */
public record GenerationTime(long beginNs, Optional<ClockSnapshot> clock) {
    /**
     * Reads it.
     *
     * @param goMinor from the trace's header
     * @param bytes from position to limit, whole batches of one generation without the file's header; left unchanged. They
     *     may be the first of its parts.
     * @return empty when the generation's clock is not in these bytes
     * @throws TraceFormatException when they are no batches
     */
    public static Optional<GenerationTime> of(int goMinor, ByteBuffer bytes) throws TraceFormatException {
        byte[] data = bytes.hasArray() ? bytes.array() : copied(bytes);
        int from = bytes.hasArray() ? bytes.arrayOffset() + bytes.position() : 0;
        int to = from + bytes.remaining();
        TraceClock clock = new TraceClock();
        BatchHeader header = new BatchHeader();
        long minTicks = 0;
        for (int pos = from; pos < to; pos = header.end()) {
            if (header.parse(data, pos, to, goMinor) == BatchHeader.Status.CUT) {
                break;
            }
            if (header.endOfGeneration()) {
                continue;
            }
            if (minTicks == 0 || Long.compareUnsigned(header.ticks(), minTicks) < 0) {
                minTicks = header.ticks();
            }
            readClock(clock, header, data, goMinor);
        }
        if (!clock.known()) {
            return Optional.empty();
        }
        clock.complete();
        return Optional.of(new GenerationTime(clock.toNs(minTicks), Optional.ofNullable(clock.snapshot())));
    }

    private static byte[] copied(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }

    private static void readClock(TraceClock clock, BatchHeader header, byte[] data, int goMinor)
            throws TraceFormatException {
        int start = header.dataStart();
        if (header.experiment() != 0 || start >= header.end()) {
            return;
        }
        int first = data[start] & 0xff;
        ByteCursor cursor = new ByteCursor();
        if (first == WireEvent.SYNC.code && goMinor >= 25) {
            clock.readBatch(cursor.over(data, start + 1, header.end(), header.generation()), header.ticks(), true);
        } else if (first == WireEvent.FREQUENCY.code && goMinor < 25) {
            clock.readBatch(cursor.over(data, start, header.end(), header.generation()), header.ticks(), false);
        }
    }
}
