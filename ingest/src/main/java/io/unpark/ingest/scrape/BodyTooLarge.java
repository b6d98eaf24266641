package io.unpark.ingest.scrape;

import java.io.IOException;

/** A target sends more than any sane one does. */
final class BodyTooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    BodyTooLarge(long maxBytes) {
        super("the answer is larger than " + maxBytes + " bytes");
    }
}
