package io.unpark.analysis.export;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.StackProfile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Stack profiles as a file for {@code go tool pprof}: gzip over profile.proto
 * (https://github.com/google/pprof/blob/main/proto/profile.proto). Equal stacks, reasons and routes are one sample; reason and
 * route are labels ({@code -tagfocus}).
 */
public final class PprofExport {
    private static final String CPU = "cpu";
    /** Go's CPU profiler takes 100 samples a second of CPU time. */
    private static final long SAMPLE_NS = 10_000_000;

    /** What the samples measure. */
    public enum Measure {
        /** Waits and their time, as Go's block profile. */
        BLOCKED,
        /** CPU samples, which a trace has when a CPU profile ran beside it. */
        CPU
    }

    private final Measure measure;
    private final Map<String, Long> strings = new LinkedHashMap<>();
    private final Map<String, Long> functions = new LinkedHashMap<>();
    private final Map<Frame, Long> locations = new LinkedHashMap<>();
    private final ProtoWriter out = new ProtoWriter();

    private PprofExport(Measure measure) {
        this.measure = measure;
    }

    /**
     * Writes one file.
     *
     * @param profiles of any number of generations and instances
     * @throws IOException from {@code to}, which is left open
     */
    public static void write(OutputStream to, Measure measure, Collection<StackProfile> profiles) throws IOException {
        PprofExport export = new PprofExport(measure);
        byte[] profile = export.profile(profiles);
        GZIPOutputStream gzip = new GZIPOutputStream(to);
        gzip.write(profile);
        gzip.finish();
    }

    private record Key(String route, String reason, Stack stack) {}

    private byte[] profile(Collection<StackProfile> profiles) {
        string("");
        if (measure == Measure.CPU) {
            types("samples", "count", "cpu", "nanoseconds");
        } else {
            types("contentions", "count", "delay", "nanoseconds");
        }
        samples(profiles).forEach(this::sample);
        locations.forEach((frame, id) -> out.message(4, location -> {
            location.number(1, id);
            location.message(4, line -> {
                line.number(1, functions.get(function(frame)));
                line.number(2, frame.line());
            });
        }));
        for (Frame frame : byFunction().values()) {
            out.message(5, function -> {
                function.number(1, functions.get(function(frame)));
                function.number(2, string(frame.function()));
                function.number(3, string(frame.function()));
                function.number(4, string(frame.file()));
            });
        }
        span(profiles);
        strings.keySet().forEach(text -> out.text(6, text));
        return out.bytes();
    }

    private void types(String first, String firstUnit, String second, String secondUnit) {
        for (String[] type : new String[][] {{first, firstUnit}, {second, secondUnit}}) {
            out.message(1, it -> {
                it.number(1, string(type[0]));
                it.number(2, string(type[1]));
            });
        }
        out.number(14, string(second));
    }

    /** Count and nanoseconds of each. */
    private Map<Key, long[]> samples(Collection<StackProfile> profiles) {
        Map<Key, long[]> sums = new LinkedHashMap<>();
        for (StackProfile profile : profiles) {
            for (StackProfile.Entry entry : profile.entries()) {
                boolean cpu = entry.reason().equals(CPU);
                if (cpu == (measure == Measure.CPU)) {
                    long[] sum = sums.computeIfAbsent(
                            new Key(entry.route(), entry.reason(), entry.stack()), key -> new long[2]);
                    sum[0] += entry.count();
                    sum[1] += cpu ? entry.count() * SAMPLE_NS : entry.blockedNs();
                }
            }
            rest(profile, sums);
        }
        return sums;
    }

    /** What the profile left out, so that shares are of the whole. */
    private void rest(StackProfile profile, Map<Key, long[]> sums) {
        long count = measure == Measure.CPU ? profile.otherSamples() : 0;
        long ns = measure == Measure.CPU ? count * SAMPLE_NS : profile.otherNs();
        if (ns > 0) {
            Stack other = new Stack(List.of(new Frame("(other)", "", 0)));
            long[] sum = sums.computeIfAbsent(new Key("", "(other)", other), key -> new long[2]);
            sum[0] += count;
            sum[1] += ns;
        }
    }

    private void sample(Key key, long[] sum) {
        out.message(2, sample -> {
            sample.numbers(
                    1, key.stack().frames().stream().mapToLong(this::location).toArray());
            sample.numbers(2, sum);
            label(sample, "reason", key.reason());
            label(sample, "route", key.route());
        });
    }

    private void label(ProtoWriter sample, String name, String value) {
        if (!value.isEmpty()) {
            sample.message(3, label -> {
                label.number(1, string(name));
                label.number(2, string(value));
            });
        }
    }

    private void span(Collection<StackProfile> profiles) {
        long start = profiles.stream().mapToLong(StackProfile::startNs).min().orElse(0);
        long end = profiles.stream().mapToLong(StackProfile::endNs).max().orElse(0);
        out.number(9, start);
        out.number(10, end - start);
    }

    private long location(Frame frame) {
        functions.computeIfAbsent(function(frame), name -> functions.size() + 1L);
        return locations.computeIfAbsent(frame, it -> locations.size() + 1L);
    }

    /** Functions of one name in two files are two: they are of two versions of a service. */
    private static String function(Frame frame) {
        return frame.function() + '\n' + frame.file();
    }

    private Map<String, Frame> byFunction() {
        Map<String, Frame> frames = new LinkedHashMap<>();
        locations.keySet().forEach(frame -> frames.putIfAbsent(function(frame), frame));
        return frames;
    }

    private long string(String text) {
        return strings.computeIfAbsent(text, it -> (long) strings.size());
    }
}
