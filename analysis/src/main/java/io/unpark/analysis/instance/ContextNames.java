package io.unpark.analysis.instance;

/** Goroutines of Go's context package whose start function gives a deadline's expiry away. */
final class ContextNames {
    private ContextNames() {}

    /** The goroutine that a timer starts when a context's deadline passes ({@code context.WithDeadlineCause.func2}). */
    static boolean isExpiry(String startFunction) {
        return startFunction.startsWith("context.WithDeadline");
    }
}
