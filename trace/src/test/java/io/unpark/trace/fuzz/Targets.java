package io.unpark.trace.fuzz;

import io.unpark.trace.GenerationDecoder;
import io.unpark.trace.GenerationSplitter;
import io.unpark.trace.GoFormatPrinter;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceEvent;
import io.unpark.trace.TraceEvents;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceLimits;
import io.unpark.trace.TraceReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;

/**
 * What holds for any bytes: every way into the decoder gives events, and then ends well or with one {@link
 * TraceFormatException}; it ends soon; it allocates little. Anything else leaves these methods as it is.
 */
final class Targets {
    /** CPU time, not wall time, so that a busy machine breaks nothing. */
    private static final long MAX_CPU_NS = 5_000_000_000L;

    private static final long MAX_ALLOCATED = 48L << 20;
    private static final long MAX_ALLOCATED_PER_BYTE = 256;
    private static final int MAX_TEXT = 1 << 20;

    private Targets() {}

    /**
     * What an input gave.
     *
     * @param events events told by the reader
     * @param failure why the reader ended, null when it ended well
     */
    record Outcome(long events, TraceFormatException failure) {}

    /** Every way into the decoder; what it costs is the caller's to watch, as a fuzzer with instrumented code does. */
    static Outcome all(byte[] input) throws IOException {
        Outcome outcome = reader(input);
        generations(input);
        printer(input);
        records(input, outcome);
        mapped(input, outcome);
        return outcome;
    }

    /** As {@link #all}, and checks what each way costs. */
    static Outcome bounded(byte[] input) throws IOException {
        long startNs = cpuNs();
        long allocated = allocatedBytes();
        Outcome outcome = reader(input);
        check("bytes allocated", allocatedBytes() - allocated, MAX_ALLOCATED + MAX_ALLOCATED_PER_BYTE * input.length);
        long readNs = cpuNs();
        generations(input);
        long splitNs = cpuNs();
        printer(input);
        long printedNs = cpuNs();
        records(input, outcome);
        mapped(input, outcome);
        check("nanoseconds of CPU to read", readNs - startNs, MAX_CPU_NS);
        check("nanoseconds of CPU to decode each generation", splitNs - readNs, MAX_CPU_NS);
        check("nanoseconds of CPU to print", printedNs - splitNs, MAX_CPU_NS);
        check("nanoseconds of CPU for the other views", cpuNs() - printedNs, 2 * MAX_CPU_NS);
        return outcome;
    }

    private static Outcome reader(byte[] input) throws IOException {
        Touch touch = new Touch();
        try (TraceReader reader = TraceReader.open(new ByteArrayInputStream(input))) {
            while (reader.readGeneration(touch)) {
                // The visitor looks at everything.
            }
            return new Outcome(touch.events(), null);
        } catch (TraceFormatException e) {
            return new Outcome(touch.events(), e);
        }
    }

    /** Each generation by itself, as those who get them one by one do; a broken one does not stop the next. */
    private static void generations(byte[] input) throws IOException {
        try (GenerationSplitter splitter = GenerationSplitter.open(new ByteArrayInputStream(input))) {
            int goMinor = splitter.header().goMinor();
            GenerationDecoder decoder = new GenerationDecoder(goMinor, TraceLimits.defaults());
            for (RawGeneration raw = splitter.next(); raw != null; raw = splitter.next()) {
                decode(decoder, raw);
            }
        } catch (TraceFormatException e) {
            check("offset", e.offset(), input.length);
        }
    }

    private static void decode(GenerationDecoder decoder, RawGeneration raw) {
        try {
            decoder.decode(raw, new Touch());
        } catch (TraceFormatException e) {
            check("offset", e.offset(), raw.bytes().remaining());
        }
    }

    private static void printer(byte[] input) throws IOException {
        GoFormatPrinter printer = new GoFormatPrinter(new Sink(), ZoneOffset.UTC);
        try (TraceReader reader = TraceReader.open(new ByteArrayInputStream(input))) {
            while (reader.readGeneration(printer)) {
                // The sink counts.
            }
        } catch (TraceFormatException | Sink.Full e) {
            // Both are as they should be.
        }
    }

    /** The records view tells as many events as the visitor, and ends as it does. */
    private static void records(byte[] input, Outcome expected) throws IOException {
        long events = 0;
        try (TraceEvents records = TraceEvents.open(ByteBuffer.wrap(input))) {
            for (TraceEvent event = records.next(); event != null; event = records.next()) {
                events++;
            }
            same("records", events, null, expected);
        } catch (TraceFormatException e) {
            same("records", events, e, expected);
        }
    }

    /** A mapped file is read as a stream is. */
    private static void mapped(byte[] input, Outcome expected) throws IOException {
        Path file = Mapped.write(input);
        Touch touch = new Touch();
        try (TraceReader reader = TraceReader.open(file)) {
            while (reader.readGeneration(touch)) {
                // The visitor looks at everything.
            }
            same("mapped file", touch.events(), null, expected);
        } catch (TraceFormatException e) {
            same("mapped file", touch.events(), e, expected);
        }
    }

    private static void same(String view, long events, TraceFormatException failure, Outcome expected) {
        String ended = failure == null ? "well" : failure.getMessage();
        String wanted = expected.failure() == null ? "well" : expected.failure().getMessage();
        if (events != expected.events() || !ended.equals(wanted)) {
            throw new AssertionError(view + ": " + events + " events, ended " + ended + "; the reader told "
                    + expected.events() + ", ended " + wanted);
        }
    }

    /** One file of this process, written again for each input. */
    private static final class Mapped {
        private static final Path FILE = create();

        private static Path create() {
            try {
                Path file = Files.createTempFile("unpark-fuzz", ".trace");
                file.toFile().deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static Path write(byte[] input) throws IOException {
            return Files.write(FILE, input);
        }
    }

    private static void check(String what, long value, long most) {
        if (value > most) {
            throw new AssertionError(value + " " + what + "; the most is " + most);
        }
    }

    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    /** Takes so much text and no more: three bytes of an event may name 128 frames with names of a kilobyte. */
    private static final class Sink implements Appendable {
        private int left = MAX_TEXT;

        static final class Full extends UncheckedIOException {
            private static final long serialVersionUID = 1L;

            Full() {
                super(new IOException("enough text"));
            }
        }

        @Override
        public Appendable append(CharSequence text) {
            left -= text.length();
            if (left < 0) {
                throw new Full();
            }
            return this;
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) {
            return append(text.subSequence(start, end));
        }

        @Override
        public Appendable append(char c) {
            return append(String.valueOf(c));
        }
    }
}
