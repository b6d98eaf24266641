package io.unpark.benchmarks.pipeline;

import io.unpark.ingest.Decompression;
import io.unpark.ingest.TraceIntake;
import io.unpark.ingest.TraceSource;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.ClockSnapshot;
import io.unpark.trace.GenerationTime;
import io.unpark.trace.TraceLimits;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A recorded trace that can be sent again and again as that of another instance at another time. What the collector would send
 * is made once; a copy differs in the instance's name, the capture, the wall clock (also of the deadlines that the
 * agent logged) and the trace ids (so that requests join within one copy of the services only).
 */
final class Recording {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final byte[] TRACE_ID = "trace=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEADLINE = "_deadline_ns=".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_DIGITS = 8;
    /** Of nanoseconds since 1970, until the year 2286. */
    private static final int TIME_DIGITS = 19;

    /** One generation; positions are those of what a copy changes. */
    private record Template(TraceChunk first, byte[] bytes, int secondsAt, int secondsLength, int[] ids, int[] times) {}

    private final String service;
    private final List<Template> generations = new ArrayList<>();
    private long bytes;

    private Recording(String service) {
        this.service = service;
    }

    /** Reads a file, plain or compressed, of the service of that name. */
    static Recording read(Path file, String service) throws IOException {
        Recording recording = new Recording(service);
        try (InputStream in = Decompression.open(
                new BufferedInputStream(Files.newInputStream(file)), Decompression.Limits.FILES)) {
            TraceSource source = TraceSource.ofFile(service, Optional.of("i"), 1_700_000_000L * SECOND_NS);
            new TraceIntake(source, TraceLimits.defaults(), recording::add).run(in);
        }
        return recording;
    }

    private void add(List<TraceChunk> parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        parts.forEach(part -> {
            byte[] copy = new byte[part.getBytes().remaining()];
            part.getBytes().duplicate().get(copy);
            joined.writeBytes(copy);
        });
        byte[] whole = joined.toByteArray();
        bytes += whole.length;
        TraceChunk first = TraceChunk.newBuilder(parts.get(0)).setBytes(ByteBuffer.allocate(0)).build();
        byte[] seconds = new byte[0];
        int secondsAt = -1;
        Optional<ClockSnapshot> clock = clock(first.getGoMinor(), whole);
        if (clock.isPresent()) {
            byte[] before = varint(clock.get().monotonicNs());
            seconds = varint(clock.get().wallUnixNs() / SECOND_NS);
            byte[] both = ByteBuffer.allocate(before.length + seconds.length).put(before).put(seconds).array();
            secondsAt = find(whole, both, 0) + before.length;
        }
        generations.add(new Template(
                first, whole, secondsAt, seconds.length, positions(whole, TRACE_ID), positions(whole, DEADLINE)));
    }

    private static Optional<ClockSnapshot> clock(int goMinor, byte[] whole) {
        try {
            return GenerationTime.of(goMinor, ByteBuffer.wrap(whole)).flatMap(GenerationTime::clock);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String service() {
        return service;
    }

    /** The same as that of another service. */
    Recording named(String other) {
        Recording same = new Recording(other);
        same.generations.addAll(generations);
        same.bytes = bytes;
        return same;
    }

    /** Of traces, all generations together. */
    long bytes() {
        return bytes;
    }

    int generations() {
        return generations.size();
    }

    /** Of one generation. */
    int bytes(int index) {
        return generations.get(index).bytes().length;
    }

    /**
     * A generation as another instance would send it.
     *
     * @param index from 0
     * @param copy which copy of the services; those of one copy call each other
     * @param round how often the copy was sent before; each is a capture of its own
     * @param shiftSeconds added to the recorded wall clock
     */
    List<TraceChunk> copy(int index, int copy, int round, long shiftSeconds) {
        Template template = generations.get(index);
        byte[] changed = template.bytes().clone();
        if (template.secondsAt() >= 0) {
            long seconds = readVarint(changed, template.secondsAt()) + shiftSeconds;
            byte[] encoded = varint(seconds);
            if (encoded.length != template.secondsLength()) {
                throw new IllegalArgumentException("a shift by " + shiftSeconds + " s is too large");
            }
            System.arraycopy(encoded, 0, changed, template.secondsAt(), encoded.length);
        }
        int salt = (copy * 31 + round) * 0x9E3779B1;
        for (int at : template.ids()) {
            int id = Integer.parseUnsignedInt(new String(changed, at, ID_DIGITS, StandardCharsets.US_ASCII), 16) ^ salt;
            write(changed, at, String.format("%08x", id));
        }
        for (int at : template.times()) {
            long time = Long.parseLong(new String(changed, at, TIME_DIGITS, StandardCharsets.US_ASCII));
            write(changed, at, Long.toString(time + shiftSeconds * SECOND_NS));
        }
        return parts(template.first(), changed, copy, round, shiftSeconds);
    }

    private List<TraceChunk> parts(TraceChunk first, byte[] whole, int copy, int round, long shiftSeconds) {
        int max = Topics.MAX_CHUNK_PAYLOAD_BYTES;
        int count = (whole.length + max - 1) / max;
        List<TraceChunk> parts = new ArrayList<>(count);
        for (int part = 0; part < count; part++) {
            ByteBuffer slice = ByteBuffer.wrap(whole).slice(part * max, Math.min(max, whole.length - part * max));
            CRC32C crc = new CRC32C();
            crc.update(slice.duplicate());
            parts.add(TraceChunk.newBuilder(first)
                    .setInstance(new Instance("", service, service + "-" + copy, ""))
                    .setCapture(first.getCapture() + "-" + copy + "-" + round)
                    .setCapturedUnixNs(first.getCapturedUnixNs() + shiftSeconds * SECOND_NS)
                    .setPart(part)
                    .setParts(count)
                    .setCrc32c((int) crc.getValue())
                    .setBytes(slice)
                    .build());
        }
        return parts;
    }

    /** Where what follows the label begins, as long as it looks like what is expected there. */
    private static int[] positions(byte[] whole, byte[] label) {
        boolean id = label == TRACE_ID;
        List<Integer> found = new ArrayList<>();
        for (int at = find(whole, label, 0); at >= 0; at = find(whole, label, at + 1)) {
            int from = at + label.length;
            int length = id ? ID_DIGITS : TIME_DIGITS;
            if (from + length <= whole.length && allDigits(whole, from, length, id ? 16 : 10)) {
                found.add(from);
            }
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean allDigits(byte[] whole, int from, int length, int radix) {
        for (int i = from; i < from + length; i++) {
            if (Character.digit(whole[i], radix) < 0) {
                return false;
            }
        }
        return true;
    }

    private static void write(byte[] to, int at, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(encoded, 0, to, at, encoded.length);
    }

    private static int find(byte[] whole, byte[] part, int from) {
        outer:
        for (int i = from; i <= whole.length - part.length; i++) {
            for (int j = 0; j < part.length; j++) {
                if (whole[i + j] != part[j]) {
                    continue outer;
                }
            }
            return i;
        }
        return -1;
    }

    private static byte[] varint(long value) {
        ByteBuffer out = ByteBuffer.allocate(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static long readVarint(byte[] bytes, int at) {
        long value = 0;
        for (int i = 0; ; i++) {
            value |= (bytes[at + i] & 0x7fL) << 7 * i;
            if (bytes[at + i] >= 0) {
                return value;
            }
        }
    }
}
