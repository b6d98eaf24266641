package io.unpark.ingest.capture;

import java.util.Locale;

/** Why no capture is begun, or none is shown, and how HTTP says it. */
public enum CaptureRefusal {
    BAD_PARAMETER(400, "Bad parameter"),
    NO_AGENT(404, "Nobody to ask"),
    UNKNOWN_CAPTURE(404, "Unknown capture"),
    CAPTURE_RUNNING(409, "A capture is being made"),
    COOLING_DOWN(429, "The last capture was a moment ago"),
    TOO_MANY_CAPTURES(429, "Too many captures at once"),
    TOO_MANY_AGENTS(429, "Too many agents");

    private final int status;
    private final String title;

    CaptureRefusal(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** The name in answers, status and metrics. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
