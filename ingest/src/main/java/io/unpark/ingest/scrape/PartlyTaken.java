package io.unpark.ingest.scrape;

import java.io.IOException;

/** A body failed in the middle; what was whole before is safe. */
public final class PartlyTaken extends IOException {
    private static final long serialVersionUID = 1L;

    private final long items;
    private final IOException reason;

    /** @param items see {@link BodyTaker.Taken} */
    public PartlyTaken(long items, IOException reason) {
        super(reason.getMessage(), reason);
        this.items = items;
        this.reason = reason;
    }

    long items() {
        return items;
    }

    IOException reason() {
        return reason;
    }
}
