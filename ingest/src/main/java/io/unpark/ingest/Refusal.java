package io.unpark.ingest;

import io.unpark.trace.TraceFormatException;
import io.unpark.trace.pprof.PprofFormatException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Why a push is refused, and how HTTP says it. */
enum Refusal {
    BAD_PARAMETER(400, "Bad parameter"),
    EMPTY(400, "Empty body"),
    NOT_A_TRACE(400, "Not a Go execution trace"),
    NOT_A_PROFILE(400, "Not a profile that is judged"),
    TRUNCATED(400, "The input ends in the middle"),
    CORRUPT(400, "The input is broken"),
    TOO_SLOW(408, "The body comes too slowly"),
    TOO_LARGE(413, "Too large"),
    UNSUPPORTED_COMPRESSION(415, "Compression not understood"),
    OLD_FORMAT(422, "Trace format too old"),
    UNKNOWN_VERSION(422, "Unknown trace version"),
    TOO_MANY_PUSHES(429, "Too many pushes at once"),
    BROKER_REFUSED(500, "The broker refuses the record"),
    BROKER_AWAY(503, "Kafka is away");

    private final int status;
    private final String title;

    Refusal(int status, String title) {
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
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a body that could not be read to its end is refused for; not what was in it. */
    static Refusal ofReading(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return TOO_SLOW;
            }
        }
        return TRUNCATED;
    }

    static Refusal of(TraceFormatException.Reason reason) {
        return switch (reason) {
            case EMPTY -> EMPTY;
            case NOT_A_TRACE -> NOT_A_TRACE;
            case OLD_FORMAT -> OLD_FORMAT;
            case UNKNOWN_VERSION -> UNKNOWN_VERSION;
            case TRUNCATED -> TRUNCATED;
            case CORRUPT -> CORRUPT;
            case LIMIT -> TOO_LARGE;
        };
    }

    static Refusal of(PprofFormatException.Reason reason) {
        return switch (reason) {
            case EMPTY -> EMPTY;
            case NOT_A_PROFILE -> NOT_A_PROFILE;
            case TRUNCATED -> TRUNCATED;
            case CORRUPT -> CORRUPT;
            case LIMIT -> TOO_LARGE;
        };
    }

    static Refusal of(DecompressionException.Reason reason) {
        return switch (reason) {
            case TOO_LARGE -> TOO_LARGE;
            case UNSUPPORTED -> UNSUPPORTED_COMPRESSION;
            case TRUNCATED -> TRUNCATED;
            case CORRUPT -> CORRUPT;
        };
    }
}
