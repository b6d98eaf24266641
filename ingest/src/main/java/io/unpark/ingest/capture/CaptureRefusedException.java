package io.unpark.ingest.capture;

import java.time.Duration;

/** No capture is begun, or none is shown. */
public final class CaptureRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final CaptureRefusal refusal;
    private final Duration retryAfter;
    private final String running;

    private CaptureRefusedException(CaptureRefusal refusal, String message, Duration retryAfter, String running) {
        super(message);
        this.refusal = refusal;
        this.retryAfter = retryAfter;
        this.running = running;
    }

    static CaptureRefusedException of(CaptureRefusal refusal, String message) {
        return new CaptureRefusedException(refusal, message, Duration.ZERO, "");
    }

    static CaptureRefusedException later(CaptureRefusal refusal, String message, Duration retryAfter) {
        return new CaptureRefusedException(refusal, message, retryAfter, "");
    }

    static CaptureRefusedException running(String id, String message) {
        return new CaptureRefusedException(CaptureRefusal.CAPTURE_RUNNING, message, Duration.ZERO, id);
    }

    public CaptureRefusal refusal() {
        return refusal;
    }

    /** Zero: it is not known when. */
    Duration retryAfter() {
        return retryAfter;
    }

    /** Id of the capture that is being made; empty when that is not the reason. */
    String runningId() {
        return running;
    }
}
