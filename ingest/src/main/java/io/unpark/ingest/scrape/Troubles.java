package io.unpark.ingest.scrape;

import io.unpark.ingest.BrokerException;
import io.unpark.ingest.DecompressionException;
import io.unpark.ingest.outgoing.Reasons;
import io.unpark.ingest.scrape.ScrapeTrouble.Cause;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.pprof.PprofFormatException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Says what went wrong and what to do about it. */
final class Troubles {
    private static final int SHOWN_CHARS = 160;

    private Troubles() {}

    /** An answer that is not 200. {@code text} is the beginning of its body. */
    static ScrapeTrouble answer(int status, String text, String location, String path) {
        String said = "answered " + status + (text.isBlank() ? "" : ": " + shown(text));
        String lower = text.toLowerCase(Locale.ROOT);
        if (status == 500 && lower.contains("already enabled")) {
            return new ScrapeTrouble(
                    Cause.TRACER_BUSY,
                    "somebody else is tracing this process: " + said,
                    "Nothing, if it is for a while: the pauses between attempts grow. If it stays, look for an agent in the"
                            + " service (then do not scrape its trace), or for a second collector with the same target.");
        }
        if (status == 400 && lower.contains("writetimeout")) {
            return new ScrapeTrouble(
                    Cause.WRITE_TIMEOUT,
                    said,
                    "Set seconds of this endpoint below the WriteTimeout of the service's http.Server, or raise that.");
        }
        if (status == 401 || status == 403) {
            return new ScrapeTrouble(
                    Cause.UNAUTHORIZED, said, "Check basic_auth, authorization or tls_config of the job.");
        }
        if (status == 404 || status == 405) {
            return new ScrapeTrouble(
                    Cause.NO_SUCH_ENDPOINT,
                    said + " for " + path,
                    "Import net/http/pprof in the service and serve its handlers at this address, or set path of the endpoint"
                            + " to where they are.");
        }
        if (status >= 300 && status < 400) {
            return new ScrapeTrouble(
                    Cause.REDIRECTED,
                    said + " to " + shown(location),
                    "Name the address that it redirects to: redirects are not followed, so that credentials stay here.");
        }
        return new ScrapeTrouble(Cause.REFUSED, said, "See the service's log.");
    }

    /** Something that was thrown, before the answer or while it was read. */
    static ScrapeTrouble thrown(Throwable thrown, boolean late) {
        Throwable e = thrown instanceof PartlyTaken partly ? partly.reason() : thrown;
        String before = thrown instanceof PartlyTaken partly
                ? " The " + partly.items() + " complete generations before that were taken."
                : "";
        ScrapeTrouble trouble = late ? timeout() : of(e);
        return new ScrapeTrouble(trouble.cause(), trouble.what() + "." + before, trouble.nextStep());
    }

    private static ScrapeTrouble timeout() {
        return new ScrapeTrouble(
                Cause.TIMEOUT,
                "the answer was not complete in time",
                "Raise scrape_timeout of the job, or ask for fewer seconds of trace.");
    }

    private static ScrapeTrouble of(Throwable e) {
        if (e instanceof BrokerException broker) {
            return broker.away()
                    ? new ScrapeTrouble(Cause.KAFKA_AWAY, reason(e), "Nothing here: it goes on when Kafka is back.")
                    : new ScrapeTrouble(Cause.KAFKA_REFUSED, reason(e), "Check the topics with: unpark topics check.");
        }
        if (e instanceof TraceFormatException format) {
            return format(format);
        }
        if (e instanceof PprofFormatException profile) {
            boolean cut = profile.reason() == PprofFormatException.Reason.TRUNCATED;
            return new ScrapeTrouble(
                    cut ? Cause.CUT : Cause.NOT_UNDERSTOOD, reason(e), "Look at the answer with go tool pprof -raw.");
        }
        if (e instanceof DecompressionException compression) {
            boolean cut = compression.reason() == DecompressionException.Reason.TRUNCATED;
            return new ScrapeTrouble(
                    cut ? Cause.CUT : Cause.NOT_UNDERSTOOD, reason(e), "Look at the answer with curl.");
        }
        if (e instanceof BodyTooLarge) {
            return new ScrapeTrouble(Cause.TOO_LARGE, reason(e), "Ask for fewer seconds.");
        }
        if (e instanceof HttpConnectTimeoutException
                || e instanceof ConnectException
                || cause(e, UnknownHostException.class)
                || cause(e, UnresolvedAddressException.class)) {
            return new ScrapeTrouble(
                    Cause.UNREACHABLE,
                    "cannot connect: " + reason(e),
                    "Check the address, and that the service runs and can be reached from the collector.");
        }
        if (e instanceof HttpTimeoutException) {
            return timeout();
        }
        if (cause(e, SSLException.class)) {
            return new ScrapeTrouble(
                    Cause.TLS, "TLS: " + reason(e), "Check scheme, and ca_file, cert_file and key_file of tls_config.");
        }
        return new ScrapeTrouble(
                Cause.CUT,
                "the answer ended early: " + reason(e),
                "If the service was not stopped: its http.Server's WriteTimeout may be too short for so many seconds.");
    }

    private static ScrapeTrouble format(TraceFormatException e) {
        return switch (e.reason()) {
            case TRUNCATED ->
                new ScrapeTrouble(
                        Cause.CUT,
                        reason(e),
                        "If the service was not stopped: its http.Server's WriteTimeout may be too short for so many seconds.");
            case LIMIT -> new ScrapeTrouble(Cause.TOO_LARGE, reason(e), "Ask for fewer seconds.");
            case UNKNOWN_VERSION ->
                new ScrapeTrouble(Cause.NOT_UNDERSTOOD, reason(e), "Upgrade Unpark: the service's Go is newer.");
            case OLD_FORMAT ->
                new ScrapeTrouble(Cause.NOT_UNDERSTOOD, reason(e), "Build the service with Go 1.22 or newer.");
            case EMPTY, NOT_A_TRACE, CORRUPT ->
                new ScrapeTrouble(
                        Cause.NOT_UNDERSTOOD,
                        reason(e),
                        "Look at the answer with curl: this address may serve something else there.");
        };
    }

    /** A file of the job cannot be used. */
    static ScrapeTrouble credentials(IOException e) {
        return new ScrapeTrouble(Cause.CREDENTIALS, shown(Reasons.of(e)), "Check the files that the job names.");
    }

    static ScrapeTrouble internal(RuntimeException e) {
        return new ScrapeTrouble(Cause.INTERNAL, e.toString(), "This is a fault of Unpark: report it with the log.");
    }

    static ScrapeTrouble busy(String what) {
        return new ScrapeTrouble(Cause.BUSY, what, "Try again in a few seconds.");
    }

    private static boolean cause(Throwable e, Class<? extends Throwable> type) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Throwable e) {
        return shown(Reasons.of(e));
    }

    /** The target's words, made harmless. */
    private static String shown(String text) {
        String clean = text.strip().replaceAll("\\s+", " ").replaceAll("[\\p{Cc}\\p{Cf}]", "?");
        return clean.length() > SHOWN_CHARS ? clean.substring(0, SHOWN_CHARS) + "…" : clean;
    }
}
