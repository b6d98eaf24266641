package io.unpark.ingest.outgoing;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Words for exceptions that have none. */
public final class Reasons {
    private Reasons() {}

    /** The first message that is more than the name of a cause, in one line. */
    public static String of(Throwable e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "access denied";
        }
        Throwable last = e;
        for (Throwable it = e; it != null; it = it.getCause()) {
            last = it;
            boolean wraps = it.getCause() != null && it.getCause().toString().equals(it.getMessage());
            if (it.getMessage() != null && !it.getMessage().isBlank() && !wraps) {
                return it.getMessage().lines().findFirst().orElse("");
            }
        }
        return last.getClass().getSimpleName();
    }
}
