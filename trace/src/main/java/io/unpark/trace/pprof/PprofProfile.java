package io.unpark.trace.pprof;

import java.util.ArrayList;
import java.util.List;

/**
 * A profile: what was counted, where, and how much. What the runtime writes about mappings and labels is not kept.
 *
 * @param sampleTypes what each sample's values are, in their order
 * @param samples in the order of the profile
 * @param timeNanos when it was taken by the wall clock of the process, nanoseconds since 1970 UTC; 0 when it does not say
 */
public record PprofProfile(List<ValueType> sampleTypes, List<Sample> samples, long timeNanos) {
    /** What a value is, such as {@code inuse_space} in {@code bytes}. */
    public record ValueType(String type, String unit) {}

    /**
     * One stack with its values.
     *
     * @param values one for each of the sample types
     * @param stack locations, innermost first, each with the functions that are inlined there
     */
    public record Sample(List<Long> values, List<List<PprofFrame>> stack) {
        public Sample {
            values = List.copyOf(values);
            stack = List.copyOf(stack);
        }

        /** All functions, innermost first, those that were inlined too. */
        public List<PprofFrame> frames() {
            List<PprofFrame> frames = new ArrayList<>();
            stack.forEach(frames::addAll);
            return frames;
        }
    }

    public PprofProfile {
        sampleTypes = List.copyOf(sampleTypes);
        samples = List.copyOf(samples);
    }

    /** The place of a value among a sample's values, by the name of its type; -1 when the profile has none of the kind. */
    public int valueOf(String type) {
        for (int i = 0; i < sampleTypes.size(); i++) {
            if (sampleTypes.get(i).type().equals(type)) {
                return i;
            }
        }
        return -1;
    }
}
