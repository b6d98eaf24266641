package io.unpark.sink.store;

import java.util.Locale;

/** Why a notice is let go without having been sent. */
public enum NoticeDrop {
    /** More wait than are kept. */
    ROWS,
    /** It waited for too long. */
    AGE,
    /** It was tried too often. */
    ATTEMPTS,
    /** The receiver does not take its content. */
    REFUSED;

    /** As it is written in the status and in metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String column() {
        return "dropped_" + word();
    }
}
