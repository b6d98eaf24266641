package io.unpark.ingest.outgoing;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Words for exceptions that have none. */
public final class Reasons {
    private Reasons() {}

    /** The innermost message that there is, in one line. */
    public static String of(Throwable e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "access denied";
        }
        String reason = e.getClass().getSimpleName();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : cause.getMessage();
        }
        return reason.lines().findFirst().orElse(reason);
    }
}
