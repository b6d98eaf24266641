package io.unpark.sink.store;

/** Whether a receiver is to hear that an anomaly is open. */
public enum NoticeVerdict {
    TELL,
    /** It would be told, but somebody asked for silence. */
    SILENCE,
    /** It is none of its business. */
    IGNORE
}
