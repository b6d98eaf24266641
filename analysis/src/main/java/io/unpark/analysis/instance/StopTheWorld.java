package io.unpark.analysis.instance;

/** How long the world has been stopped up to a moment: a running total, so that any interval's share is a difference. */
final class StopTheWorld {
    private long totalNs;
    private long sinceNs;
    private int depth;
    private long windowNs;
    private long windowMaxNs;

    void begin(long nowNs) {
        if (depth++ == 0) {
            sinceNs = nowNs;
        }
    }

    void end(long nowNs) {
        if (depth == 0) {
            return; // it began before this generation: what of it lies here is not known
        }
        if (--depth == 0) {
            long length = nowNs - sinceNs;
            totalNs += length;
            windowNs += length;
            windowMaxNs = Math.max(windowMaxNs, length);
        }
    }

    /** The total up to {@code nowNs}. */
    long totalAt(long nowNs) {
        return depth > 0 ? totalNs + nowNs - sinceNs : totalNs;
    }

    long windowNs() {
        return windowNs;
    }

    long windowMaxNs() {
        return windowMaxNs;
    }

    void beginGeneration() {
        windowNs = 0;
        windowMaxNs = 0;
    }

    /** A generation ends: the next one does not tell again of a stop that the runtime is in the middle of. */
    void endGeneration(long nowNs) {
        if (depth > 0) {
            depth = 1;
            end(nowNs);
        }
    }

    void restore(long total) {
        totalNs = total;
    }
}
