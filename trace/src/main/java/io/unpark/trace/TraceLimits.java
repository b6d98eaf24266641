package io.unpark.trace;

/**
 * What this decoder is willing to hold in memory, whatever an input claims. All limits are per generation or per process
 * at one moment; none grows with a trace's length. What exceeds one is refused with {@link
 * TraceFormatException.Reason#LIMIT}.
 *
 * @param maxGenerationBytes bytes of one generation, all batches and their headers
 * @param maxBatches batches in one generation
 * @param maxStrings strings in one generation
 * @param maxStacks stacks in one generation
 * @param maxFrames distinct program counters in one generation's stacks
 * @param maxCpuSamples CPU profile samples in one generation
 * @param maxThreads distinct Ms seen so far
 * @param maxProcs distinct Ps seen so far
 * @param maxGoroutines goroutines alive at one moment
 * @param maxOpenTasks user tasks begun and not ended
 * @param maxRegionDepth nested user regions on one goroutine
 * @param maxOpenNameBytes bytes of the names of all user tasks and regions begun and not ended
 * @param maxBlockedSteps how often, in one generation, an event may be tried and found to come too early, sorting
 *     many Ms included; bounds the time that a hostile order can cost, and is less for small generations
 */
public record TraceLimits(
        int maxGenerationBytes,
        int maxBatches,
        int maxStrings,
        int maxStacks,
        int maxFrames,
        int maxCpuSamples,
        int maxThreads,
        int maxProcs,
        int maxGoroutines,
        int maxOpenTasks,
        int maxRegionDepth,
        long maxOpenNameBytes,
        long maxBlockedSteps) {

    /** Bytes of one batch's data: the runtime's own maximum (tracev2.MaxBatchSize). */
    public static final int MAX_BATCH_BYTES = 64 << 10;

    /** Bytes of one string: the runtime's own maximum (tracev2.MaxEventTrailerDataSize). */
    public static final int MAX_STRING_BYTES = 1 << 10;

    /** Frames of one stack: the runtime's own maximum (tracev2.MaxFramesPerStack). */
    public static final int MAX_STACK_DEPTH = 128;

    /** Stop-the-world pauses at once on one goroutine; the runtime makes one, Go's reader allows different ones. */
    static final int MAX_PAUSES = 64;

    private static final TraceLimits DEFAULTS = new TraceLimits(
            256 << 20,
            1 << 20,
            2 << 20,
            2 << 20,
            4 << 20,
            4 << 20,
            1 << 18,
            1 << 16,
            4 << 20,
            1 << 20,
            1 << 12,
            256 << 20,
            200_000_000L);

    /** Generous for any real process, bounded for a hostile input. */
    public static TraceLimits defaults() {
        return DEFAULTS;
    }

    /** These limits with another size of a generation. */
    public TraceLimits withMaxGenerationBytes(int bytes) {
        return new TraceLimits(
                bytes,
                maxBatches,
                maxStrings,
                maxStacks,
                maxFrames,
                maxCpuSamples,
                maxThreads,
                maxProcs,
                maxGoroutines,
                maxOpenTasks,
                maxRegionDepth,
                maxOpenNameBytes,
                maxBlockedSteps);
    }
}
