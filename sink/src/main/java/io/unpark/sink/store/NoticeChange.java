package io.unpark.sink.store;

import java.util.Locale;

/** What a receiver is told of an anomaly. */
public enum NoticeChange {
    OPENED,
    SEVERITY_RAISED,
    RESOLVED,
    REOPENED;

    /** As it is written in messages. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
