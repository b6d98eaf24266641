package io.unpark.app;

import io.unpark.app.console.UserError;
import io.unpark.ingest.capture.AskLimits;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options by which anomalies may ask for traces. */
final class AskOptions {
    private static final int MAX_MINUTES = 7 * 24 * 60;

    @Option(
            names = "--capture-on-anomaly",
            description =
                    "Let anomalies ask a running agent of their service for a trace, when that is the next tool; see"
                            + " docs/capture.md. Off when left out.")
    private boolean enabled;

    @Option(
            names = "--capture-pause",
            paramLabel = "MINUTES",
            description = "Of a service, after an anomaly has asked; 10 when left out.")
    private Integer pauseMinutes;

    /** Empty: they may not. */
    Optional<AskLimits> limits() {
        if (pauseMinutes != null && !enabled) {
            throw UserError.usage("--capture-pause needs --capture-on-anomaly");
        }
        if (pauseMinutes != null && (pauseMinutes < 1 || pauseMinutes > MAX_MINUTES)) {
            throw UserError.usage("--capture-pause takes 1 to " + MAX_MINUTES + " minutes, not " + pauseMinutes);
        }
        if (!enabled) {
            return Optional.empty();
        }
        return Optional.of(
                pauseMinutes == null
                        ? AskLimits.DEFAULT
                        : AskLimits.DEFAULT.withServicePause(Duration.ofMinutes(pauseMinutes)));
    }
}
