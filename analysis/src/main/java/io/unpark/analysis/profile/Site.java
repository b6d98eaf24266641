package io.unpark.analysis.profile;

import java.util.List;

/**
 * Where memory was allocated, or where goroutines wait.
 *
 * @param function the user's line's, cut to a bounded length as all text here
 * @param creation function that started the goroutine, as far as names tell; "" for memory, and where they don't
 * @param start function that the goroutine began with; "" for memory
 * @param waitsFor what the goroutine waits for, in the words of the runtime; "" when it does not, and for memory
 * @param stack innermost frame first, bounded
 */
record Site(
        String function, String file, int line, String creation, String start, String waitsFor, List<String> stack) {
    Site {
        stack = List.copyOf(stack);
    }

    /** What makes it one place over several profiles: as an anomaly's, this is functions and no lines. */
    String key() {
        return function + "\n" + creation;
    }
}
