package io.unpark.app.console;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Lines on stderr that tell what is being done, and since how long. */
public final class Stages {
    private final PrintWriter err;
    private final LongSupplier nanoClock;
    private final long beganNs;

    /** @param nanoClock as {@link System#nanoTime} */
    public Stages(PrintWriter err, LongSupplier nanoClock) {
        this.err = err;
        this.nanoClock = nanoClock;
        this.beganNs = nanoClock.getAsLong();
    }

    public void at(String what) {
        err.println(String.format(Locale.ROOT, "[%5.1f s] %s", (nanoClock.getAsLong() - beganNs) / 1e9, what));
        err.flush();
    }
}
