package io.unpark.sink.store;

import java.time.Duration;

/**
 * For how long windows are kept after they arrived: as they came, rolled up to minutes, rolled up to hours. What lies below a
 * roll-up must not outlive it.
 */
public record RollUpRetention(Duration raw, Duration minutes, Duration hours) {
    /** 2 hours, 2 days, 90 days. */
    public static final RollUpRetention DEFAULT =
            new RollUpRetention(Duration.ofHours(2), Duration.ofDays(2), Duration.ofDays(90));

    /** Throws {@link IllegalArgumentException} when the three do not grow. */
    public RollUpRetention {
        if (raw.compareTo(minutes) > 0 || minutes.compareTo(hours) > 0) {
            throw new IllegalArgumentException(
                    "windows are kept " + raw + ", minutes " + minutes + ", hours " + hours + ": these must grow");
        }
    }
}
