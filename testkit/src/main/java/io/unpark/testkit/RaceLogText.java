package io.unpark.testkit;

/** Reports as the race detector prints them. */
public final class RaceLogText {
    private RaceLogText() {}

    /** A report whose goroutine has this number. */
    public static String report(int goroutine) {
        return """
                ==================
                WARNING: DATA RACE
                Read at 0x00c00001ae70 by main goroutine:
                  main.main()
                      /src/orders/main.go:250 +0x1bb

                Previous write at 0x00c00001ae70 by goroutine %1$d:
                  main.worker.func1()
                      /src/orders/main.go:177 +0x2e

                Goroutine %1$d (finished) created at:
                  main.worker()
                      /src/orders/main.go:176 +0x110
                ==================
                """.formatted(goroutine);
    }
}
