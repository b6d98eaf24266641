package io.unpark.app.console;

import java.io.Serial;

/**
 * Something that the user can put right: told in one line, without a stack trace. The message names the next step where there
 * is one.
 */
public final class UserError extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private UserError(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** The command line asks for what cannot be. */
    public static UserError usage(String message) {
        return new UserError(ExitCode.USAGE, message);
    }

    /** The machine is not as it must be: a port is taken, a folder cannot be written. */
    public static UserError environment(String message) {
        return new UserError(ExitCode.FAILURE, message);
    }

    /** The input is not what the verb takes. */
    public static UserError refused(String message) {
        return new UserError(ExitCode.REFUSED, message);
    }

    public int exitCode() {
        return exitCode;
    }
}
