package io.unpark.sink.api;

import io.unpark.sink.store.stacks.StackSums;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a flame graph measures. */
enum FlameKind {
    /** Time blocked. */
    BLOCKED,
    /** CPU time, estimated from samples. */
    CPU;

    static final List<String> TEXTS =
            Arrays.stream(values()).map(FlameKind::text).toList();

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static FlameKind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    boolean takes(String reason) {
        return reason.equals(StackSums.CPU) == (this == CPU);
    }

    long ns(long count, long blockedNs) {
        return this == CPU ? Math.min(count, Long.MAX_VALUE / StackSums.SAMPLE_NS) * StackSums.SAMPLE_NS : blockedNs;
    }
}
