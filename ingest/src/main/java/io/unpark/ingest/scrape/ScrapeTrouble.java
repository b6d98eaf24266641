package io.unpark.ingest.scrape;

import java.util.Locale;

/**
 * Why a scrape gave nothing, or less than all.
 *
 * @param what in one sentence
 * @param nextStep what somebody can do about it
 */
public record ScrapeTrouble(Cause cause, String what, String nextStep) {
    /** What kind of trouble. */
    public enum Cause {
        UNREACHABLE(false),
        TIMEOUT(false),
        TLS(true),
        CREDENTIALS(true),
        UNAUTHORIZED(true),
        NO_SUCH_ENDPOINT(true),
        TRACER_BUSY(true),
        WRITE_TIMEOUT(true),
        REDIRECTED(true),
        REFUSED(true),
        NOT_UNDERSTOOD(true),
        TOO_LARGE(true),
        CUT(false),
        BUSY(false),
        KAFKA_AWAY(true),
        KAFKA_REFUSED(true),
        INTERNAL(true);

        private final boolean backsOff;

        Cause(boolean backsOff) {
            this.backsOff = backsOff;
        }

        /** Whether asking again at the usual pace is of no use, or does harm. */
        boolean backsOff() {
            return backsOff;
        }

        /** The name in status and metrics. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
