package io.unpark.app.replay;

import io.unpark.app.console.UserError;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * When to send what: the differences between the events' times, divided by the speed. What is late is sent at once.
 */
public final class Pace {
    private static final double MAX_SPEED = 1e9;

    private final double speed;
    private final LongSupplier nanoClock;
    private final Sleeper sleeper;
    private boolean begun;
    private long firstEventNs;
    private long beganNs;

    /** Waits, but for the end of the process. */
    @FunctionalInterface
    public interface Sleeper {
        /** Whether the wait was cut short, since the process is to end. */
        boolean isAsked(Duration atMost) throws InterruptedException;
    }

    private Pace(double speed, LongSupplier nanoClock, Sleeper sleeper) {
        this.speed = speed;
        this.nanoClock = nanoClock;
        this.sleeper = sleeper;
    }

    /**
     * Of the command line's text.
     *
     * @param speed {@code max}, or how many times as fast as it was
     * @param nanoClock as {@link System#nanoTime}
     * @throws UserError when it is neither
     */
    public static Pace of(String speed, LongSupplier nanoClock, Sleeper sleeper) {
        if (speed.toLowerCase(Locale.ROOT).equals("max")) {
            return new Pace(Double.POSITIVE_INFINITY, nanoClock, sleeper);
        }
        try {
            double times = Double.parseDouble(speed);
            if (times > 0 && times <= MAX_SPEED) {
                return new Pace(times, nanoClock, sleeper);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw UserError.usage("--speed takes max, or how many times as fast as it was, such as 1 or 10; not " + speed);
    }

    /**
     * Waits until it is time for an event.
     *
     * @return false when the process is to end instead
     */
    boolean await(long eventUnixNs) throws InterruptedException {
        if (Double.isInfinite(speed) || eventUnixNs == Moment.TIMELESS) {
            return !sleeper.isAsked(Duration.ZERO);
        }
        if (!begun) {
            begun = true;
            firstEventNs = eventUnixNs;
            beganNs = nanoClock.getAsLong();
        }
        long dueNs = (long) ((eventUnixNs - firstEventNs) / speed);
        long aheadNs = dueNs - (nanoClock.getAsLong() - beganNs);
        return !sleeper.isAsked(Duration.ofNanos(Math.max(0, aheadNs)));
    }
}
