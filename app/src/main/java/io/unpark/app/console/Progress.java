package io.unpark.app.console;

import java.io.PrintWriter;
import java.util.function.LongSupplier;

/**
 * How far a run is. On a terminal one line that overwrites itself, a few times a second; elsewhere nothing, since a log is not
 * helped by it.
 */
public final class Progress {
    private static final long REDRAW_NS = 100_000_000L;
    private static final int BAR = 24;

    private final PrintWriter err;
    private final boolean draws;
    private final LongSupplier nanoClock;
    private final long total;
    private long done;
    private String what = "";
    private long drawnNs = Long.MIN_VALUE;

    /**
     * @param total of the same unit as {@link #add}, 0 when not known
     * @param nanoClock as {@link System#nanoTime}
     */
    public Progress(PrintWriter err, boolean draws, long total, LongSupplier nanoClock) {
        this.err = err;
        this.draws = draws;
        this.total = total;
        this.nanoClock = nanoClock;
    }

    /** What is being worked on. */
    public synchronized void at(String name) {
        what = name;
        draw();
    }

    /** So much more is done. */
    public synchronized void add(long amount) {
        done += amount;
        draw();
    }

    /** Takes the line away again. */
    public synchronized void end() {
        if (draws && drawnNs != Long.MIN_VALUE) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }

    private void draw() {
        long nowNs = nanoClock.getAsLong();
        if (!draws || drawnNs != Long.MIN_VALUE && nowNs - drawnNs < REDRAW_NS) {
            return;
        }
        drawnNs = nowNs;
        err.print("\r\u001b[K" + line());
        err.flush();
    }

    private String line() {
        if (total <= 0) {
            return what;
        }
        int permille = (int) Math.min(1000, done * 1000 / total);
        int filled = permille * BAR / 1000;
        String name = what.length() > 40 ? what.substring(0, 39) + "…" : what;
        return "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " + permille / 10 + " % " + name;
    }
}
