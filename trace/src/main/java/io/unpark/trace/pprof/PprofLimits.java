package io.unpark.trace.pprof;

/**
 * What the reader of profiles is willing to hold, whatever an input claims. What exceeds one is refused with {@link
 * PprofFormatException.Reason#LIMIT}, before anything is allocated for it.
 *
 * @param maxBytes of the profile, decompressed
 * @param maxSamples stacks with their values
 * @param maxLocations places in code
 * @param maxFunctions named by locations
 * @param maxStrings in the string table
 * @param maxStackDepth locations of one sample; Go's runtime writes at most 128 as a rule ({@code debug.profstackdepth})
 * @param maxLinesPerLocation functions inlined into each other
 * @param maxReferences locations of all samples together
 * @param maxSampleTypes values of one sample; a heap profile has four
 */
public record PprofLimits(
        int maxBytes,
        int maxSamples,
        int maxLocations,
        int maxFunctions,
        int maxStrings,
        int maxStackDepth,
        int maxLinesPerLocation,
        int maxReferences,
        int maxSampleTypes) {

    /** A large service stays below a tenth of these; they bound what a profile takes on the heap to some 150 MiB. */
    public static final PprofLimits DEFAULT =
            new PprofLimits(16 << 20, 100_000, 250_000, 250_000, 250_000, 1_024, 256, 2_000_000, 16);

    public PprofLimits withMaxBytes(int bytes) {
        return new PprofLimits(
                bytes,
                maxSamples,
                maxLocations,
                maxFunctions,
                maxStrings,
                maxStackDepth,
                maxLinesPerLocation,
                maxReferences,
                maxSampleTypes);
    }
}
