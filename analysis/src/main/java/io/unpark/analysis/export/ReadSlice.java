package io.unpark.analysis.export;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceCorrelator;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.model.StackProfile;
import io.unpark.trace.GenerationSplitter;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A few generations of one instance, read again for a viewer: nothing is judged.
 *
 * @param segments parts of requests in the order in which they ended; one that goes on over generations is there once, as it
 *     was told last
 * @param windows a generation each, and {@code profiles} likewise
 */
public record ReadSlice(List<RequestSegment> segments, List<RuntimeWindow> windows, List<StackProfile> profiles) {
    public ReadSlice {
        segments = List.copyOf(segments);
        windows = List.copyOf(windows);
        profiles = List.copyOf(profiles);
    }

    /**
     * Reads a trace that lies in memory.
     *
     * @param trace header and whole generations, as {@code go tool trace} opens them
     * @param endedUnixNs about when the trace ended, for formats without a clock (before Go 1.25); nanoseconds since 1970 UTC
     * @throws TraceFormatException when it is broken; a generation before that is not told
     */
    public static ReadSlice of(byte[] trace, Instance instance, long endedUnixNs, AnalysisConfig config)
            throws TraceFormatException {
        Map<List<String>, RequestSegment> segments = new LinkedHashMap<>();
        List<RuntimeWindow> windows = new ArrayList<>();
        List<StackProfile> profiles = new ArrayList<>();
        InstanceCorrelator correlator = new InstanceCorrelator(instance, config);
        try (GenerationSplitter splitter =
                GenerationSplitter.open(new ByteArrayInputStream(trace), TraceLimits.defaults())) {
            int goMinor = splitter.header().goMinor();
            long sequence = 0;
            for (RawGeneration next = splitter.next(); next != null; next = splitter.next()) {
                Optional<InstanceOutput> output = correlator.process(input(goMinor, sequence++, next, endedUnixNs));
                output.ifPresent(it -> {
                    it.segments().forEach(segment -> {
                        List<String> part = List.of(segment.requestId(), segment.segmentId());
                        segments.remove(part); // what is told later comes later
                        segments.put(part, segment);
                    });
                    windows.add(it.window());
                    profiles.add(it.profile());
                });
            }
        } catch (TraceFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory do not fail", e);
        }
        return new ReadSlice(List.copyOf(segments.values()), windows, profiles);
    }

    private static GenerationInput input(int goMinor, long sequence, RawGeneration raw, long endedUnixNs) {
        ChunkRef nowhere = new ChunkRef("", 0, 0, "slice", raw.generation());
        return new GenerationInput(
                goMinor, "slice", sequence, raw.generation(), endedUnixNs, -1, raw.bytes(), nowhere, "");
    }
}
