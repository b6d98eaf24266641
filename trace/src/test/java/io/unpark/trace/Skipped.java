package io.unpark.trace;

import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/** Instead of the tests of a factory: one that is skipped, and says why, also on the console. */
final class Skipped {
    private Skipped() {}

    static Stream<DynamicTest> because(String reason) {
        return Stream.of(DynamicTest.dynamicTest("skipped: " + reason, () -> now(reason)));
    }

    /** Ends the test at hand as skipped. */
    static void now(String reason) {
        System.out.println("SKIPPED: " + reason);
        Assumptions.abort(reason);
    }
}
