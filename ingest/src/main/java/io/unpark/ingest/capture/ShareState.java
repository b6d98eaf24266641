package io.unpark.ingest.capture;

import java.util.Locale;

/** How far one process has come with a capture. */
public enum ShareState {
    /** It has not asked for work yet. */
    ASKED(true),
    /** It was told and has not answered yet. */
    SENT(true),
    /** It has begun; nothing has arrived yet. */
    TAKEN(true),
    /** A part of it is here. */
    ARRIVING(true),
    /** Its time is over, and nothing more came for a while. */
    ARRIVED(false),
    /** It said no, or could not. */
    REFUSED(false),
    /** It did not ask for work in time, or never answered. */
    EXPIRED(false),
    /** It has begun, and nothing came. */
    SILENT(false);

    private final boolean open;

    ShareState(boolean open) {
        this.open = open;
    }

    boolean isOpen() {
        return open;
    }

    /** The name in answers. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
