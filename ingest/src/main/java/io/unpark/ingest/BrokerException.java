package io.unpark.ingest;

import java.io.IOException;

/** The broker or the registry did not take a record. */
public final class BrokerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean away;
    private final long acknowledged;

    BrokerException(boolean away, long acknowledged, String message, Throwable cause) {
        super(message, cause);
        this.away = away;
        this.acknowledged = acknowledged;
    }

    /** Whether the same may work later; else the broker refuses this record. */
    public boolean away() {
        return away;
    }

    /** Generations of a trace, or reports of a log, acknowledged before. */
    public long acknowledged() {
        return acknowledged;
    }

    BrokerException after(long acknowledgedBefore) {
        return new BrokerException(away, acknowledgedBefore, getMessage(), getCause());
    }
}
