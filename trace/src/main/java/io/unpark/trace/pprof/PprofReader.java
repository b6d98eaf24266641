package io.unpark.trace.pprof;

import io.unpark.trace.pprof.PprofFormatException.Reason;
import io.unpark.trace.pprof.PprofProfile.Sample;
import io.unpark.trace.pprof.PprofProfile.ValueType;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Reads profile.proto (github.com/google/pprof, proto/profile.proto), plain or in gzip as Go's runtime writes it. Fields may come in any
 * order; what is not known is skipped. Only {@link PprofFormatException} leaves it, whatever the input.
 */
public final class PprofReader {
    private static final int MIN_GZIP_BYTES = 18;

    private final PprofLimits limits;
    private final List<long[]> sampleTypes = new ArrayList<>();
    private final List<long[]> values = new ArrayList<>();
    private final List<long[]> stacks = new ArrayList<>();
    private final Map<Long, long[]> lines = new HashMap<>();
    private final Map<Long, long[]> functions = new HashMap<>();
    private final List<String> strings = new ArrayList<>();
    private int references;
    private long timeNanos;

    private PprofReader(PprofLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads a whole profile.
     *
     * @param bytes plain or gzip
     * @throws PprofFormatException for anything else, and for what exceeds the limits
     */
    public static PprofProfile read(byte[] bytes, PprofLimits limits) throws PprofFormatException {
        byte[] plain = isGzip(bytes) ? inflate(bytes, limits.maxBytes()) : bytes;
        if (plain.length == 0) {
            throw new PprofFormatException(Reason.EMPTY, -1, "a profile is expected, found nothing");
        }
        if (plain.length > limits.maxBytes()) {
            throw limit(-1, plain.length + " bytes", limits.maxBytes());
        }
        PprofReader reader = new PprofReader(limits);
        reader.readProfile(new ProtoCursor(plain, 0, plain.length));
        return reader.resolve();
    }

    private static boolean isGzip(byte[] bytes) {
        return bytes.length >= 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
    }

    private static byte[] inflate(byte[] bytes, int maxBytes) throws PprofFormatException {
        if (bytes.length < MIN_GZIP_BYTES) {
            throw new PprofFormatException(Reason.TRUNCATED, -1, "the gzip stream ends in its header");
        }
        byte[] plain;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes), 64 << 10)) {
            plain = in.readNBytes(maxBytes + 1);
        } catch (EOFException e) {
            throw new PprofFormatException(Reason.TRUNCATED, -1, "the gzip stream ends in the middle");
        } catch (IOException e) {
            throw new PprofFormatException(Reason.CORRUPT, -1, "the gzip stream is broken: " + e.getMessage());
        }
        if (plain.length > maxBytes) {
            throw limit(-1, "more bytes when decompressed", maxBytes);
        }
        return plain;
    }

    private void readProfile(ProtoCursor in) throws PprofFormatException {
        while (in.next()) {
            switch (in.field()) {
                case 1 -> sampleTypes.add(readValueType(in));
                case 2 -> readSample(in.message());
                case 4 -> readLocation(in.message());
                case 5 -> readFunction(in.message());
                case 6 -> readString(in);
                case 9 -> timeNanos = in.number();
                default -> in.skip();
            }
        }
    }

    private long[] readValueType(ProtoCursor in) throws PprofFormatException {
        check(sampleTypes.size(), limits.maxSampleTypes(), "sample types", in);
        ProtoCursor type = in.message();
        long[] names = new long[2];
        while (type.next()) {
            switch (type.field()) {
                case 1 -> names[0] = type.number();
                case 2 -> names[1] = type.number();
                default -> type.skip();
            }
        }
        return names;
    }

    private void readSample(ProtoCursor in) throws PprofFormatException {
        check(values.size(), limits.maxSamples(), "samples", in);
        Numbers stack = new Numbers(limits.maxStackDepth(), "locations of a sample");
        Numbers value = new Numbers(limits.maxSampleTypes(), "values of a sample");
        while (in.next()) {
            switch (in.field()) {
                case 1 -> stack.read(in);
                case 2 -> value.read(in);
                default -> in.skip();
            }
        }
        references += stack.size();
        if (references > limits.maxReferences()) {
            throw limit(in.offset(), "locations of all samples", limits.maxReferences());
        }
        stacks.add(stack.toArray());
        values.add(value.toArray());
    }

    /** Keeps function and line of each of its lines, one after the other. */
    private void readLocation(ProtoCursor in) throws PprofFormatException {
        check(lines.size(), limits.maxLocations(), "locations", in);
        long id = 0;
        Numbers found = new Numbers(2 * limits.maxLinesPerLocation(), "lines of a location");
        while (in.next()) {
            switch (in.field()) {
                case 1 -> id = in.number();
                case 4 -> readLine(in.message(), found);
                default -> in.skip();
            }
        }
        if (lines.put(id, found.toArray()) != null) {
            throw corrupt(in.offset(), "two locations of number " + Long.toUnsignedString(id));
        }
    }

    private static void readLine(ProtoCursor in, Numbers to) throws PprofFormatException {
        long function = 0;
        long line = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> function = in.number();
                case 2 -> line = in.number();
                default -> in.skip();
            }
        }
        to.add(function, in.offset());
        to.add(line, in.offset());
    }

    private void readFunction(ProtoCursor in) throws PprofFormatException {
        check(functions.size(), limits.maxFunctions(), "functions", in);
        long id = 0;
        long[] names = new long[2];
        while (in.next()) {
            switch (in.field()) {
                case 1 -> id = in.number();
                case 2 -> names[0] = in.number();
                case 4 -> names[1] = in.number();
                default -> in.skip();
            }
        }
        if (functions.put(id, names) != null) {
            throw corrupt(in.offset(), "two functions of number " + Long.toUnsignedString(id));
        }
    }

    private void readString(ProtoCursor in) throws PprofFormatException {
        check(strings.size(), limits.maxStrings(), "strings", in);
        strings.add(in.message().text());
    }

    private PprofProfile resolve() throws PprofFormatException {
        if (sampleTypes.isEmpty() || strings.isEmpty()) {
            throw new PprofFormatException(
                    Reason.NOT_A_PROFILE,
                    -1,
                    "no profile: it has no sample types or no strings, which every profile has");
        }
        List<ValueType> types = new ArrayList<>();
        for (long[] names : sampleTypes) {
            types.add(new ValueType(string(names[0]), string(names[1])));
        }
        Map<Long, List<PprofFrame>> frames = new HashMap<>();
        for (Map.Entry<Long, long[]> location : lines.entrySet()) {
            frames.put(location.getKey(), frames(location.getValue()));
        }
        List<Sample> samples = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            samples.add(sample(values.get(i), stacks.get(i), frames));
        }
        return new PprofProfile(types, samples, timeNanos);
    }

    private Sample sample(long[] value, long[] stack, Map<Long, List<PprofFrame>> frames) throws PprofFormatException {
        if (value.length != sampleTypes.size()) {
            throw corrupt(
                    -1, "a sample of " + value.length + " values, the profile has " + sampleTypes.size() + " types");
        }
        List<Long> boxed = new ArrayList<>(value.length);
        for (long one : value) {
            boxed.add(one);
        }
        List<List<PprofFrame>> resolved = new ArrayList<>(stack.length);
        for (long id : stack) {
            List<PprofFrame> at = frames.get(id);
            if (at == null) {
                throw corrupt(
                        -1, "a sample of location " + Long.toUnsignedString(id) + ", which is not in the profile");
            }
            resolved.add(at);
        }
        return new Sample(boxed, resolved);
    }

    private List<PprofFrame> frames(long[] pairs) throws PprofFormatException {
        List<PprofFrame> frames = new ArrayList<>(pairs.length / 2);
        for (int i = 0; i < pairs.length; i += 2) {
            long[] names = functions.get(pairs[i]);
            if (names == null) {
                throw corrupt(
                        -1, "a line of function " + Long.toUnsignedString(pairs[i]) + ", which is not in the profile");
            }
            long line = pairs[i + 1];
            frames.add(new PprofFrame(
                    string(names[0]), string(names[1]), line < 0 || line > Integer.MAX_VALUE ? 0 : (int) line));
        }
        return List.copyOf(frames);
    }

    private String string(long index) throws PprofFormatException {
        if (index < 0 || index >= strings.size()) {
            throw corrupt(-1, "string " + Long.toUnsignedString(index) + " of " + strings.size());
        }
        return strings.get((int) index);
    }

    private static void check(int have, int most, String what, ProtoCursor in) throws PprofFormatException {
        if (have >= most) {
            throw limit(in.offset(), what, most);
        }
    }

    private static PprofFormatException limit(long offset, String what, int most) {
        return new PprofFormatException(Reason.LIMIT, offset, what + ", at most " + most + " are taken");
    }

    private static PprofFormatException corrupt(long offset, String what) {
        return new PprofFormatException(Reason.CORRUPT, offset, what);
    }

    /** Numbers of a repeated field, which may come one by one or packed. */
    private static final class Numbers {
        private final int most;
        private final String what;
        private long[] numbers = new long[8];
        private int size;

        Numbers(int most, String what) {
            this.most = most;
            this.what = what;
        }

        void read(ProtoCursor in) throws PprofFormatException {
            if (!in.isBytes()) {
                add(in.number(), in.offset());
                return;
            }
            ProtoCursor packed = in.message();
            while (packed.hasMore()) {
                add(packed.readVarint(), packed.offset());
            }
        }

        void add(long number, long offset) throws PprofFormatException {
            if (size == most) {
                throw limit(offset, what, most);
            }
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * size);
            }
            numbers[size++] = number;
        }

        int size() {
            return size;
        }

        long[] toArray() {
            return Arrays.copyOf(numbers, size);
        }
    }
}
