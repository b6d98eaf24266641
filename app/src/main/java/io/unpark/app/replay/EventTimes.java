package io.unpark.app.replay;

import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.GenerationTime;
import io.unpark.trace.TraceFormatException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When generations happened. From Go 1.25 on the trace says it; before, a capture's first generation is taken to have begun when
 * the collector got it, as near as a second, and the others by the trace's own clock from there.
 */
final class EventTimes {
    private static final int MAX_CAPTURES = 10_000;

    /** Wall clock less trace time, of captures that have no wall clock. */
    private final Map<String, Long> offsetNs = new LinkedHashMap<>(16, 0.75f, true);
    /** Of generations in parts, whose later parts say nothing. */
    private final Map<String, Known> lastByCapture = new LinkedHashMap<>(16, 0.75f, true);

    private record Known(long generation, long unixNs) {}

    /** When it began, nanoseconds since 1970 UTC; a broken one when the collector got it. */
    long unixNs(TraceChunk chunk) {
        String key =
                chunk.getInstance().getService() + "/" + chunk.getInstance().getName() + "/" + chunk.getCapture();
        Known known = lastByCapture.get(key);
        if (chunk.getPart() > 0 && known != null && known.generation() == chunk.getGeneration()) {
            return known.unixNs();
        }
        long unixNs = read(key, chunk);
        if (chunk.getParts() > 1) {
            put(lastByCapture, key, new Known(chunk.getGeneration(), unixNs));
        }
        return unixNs;
    }

    private long read(String key, TraceChunk chunk) {
        try {
            Optional<GenerationTime> time = GenerationTime.of(chunk.getGoMinor(), chunk.getBytes());
            return time.isEmpty() ? chunk.getCapturedUnixNs() : wall(key, chunk, time.get());
        } catch (TraceFormatException e) {
            return chunk.getCapturedUnixNs(); // Whoever judges it will say what is wrong with it.
        }
    }

    private long wall(String key, TraceChunk chunk, GenerationTime time) {
        if (time.clock().isPresent()) {
            return time.clock().get().wallUnixNs()
                    + time.beginNs()
                    - time.clock().get().traceNs();
        }
        Long offset = offsetNs.get(key);
        if (offset == null) {
            offset = chunk.getCapturedUnixNs() - time.beginNs();
            put(offsetNs, key, offset);
        }
        return time.beginNs() + offset;
    }

    private static <V> void put(Map<String, V> map, String key, V value) {
        map.put(key, value);
        if (map.size() > MAX_CAPTURES) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
