package io.unpark.sink.store;

import java.util.Optional;

/**
 * What is known of an anomaly's slices.
 *
 * @param slice the best one: of the worst example if it could be copied; present when {@code state} is READY
 * @param reason why there is none, when {@code state} is GONE
 */
public record SliceLookup(SliceState state, String reason, Optional<TraceSlice> slice) {}
