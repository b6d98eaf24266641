package io.unpark.app.console;

/** What the shell sees; scripts depend on it. */
public final class ExitCode {
    public static final int OK = 0;
    /** Something outside the command line is in the way, or we have a bug. */
    public static final int FAILURE = 1;
    /** The command line is wrong. */
    public static final int USAGE = 2;
    /** Some input was refused; what was not is in the output. */
    public static final int REFUSED = 3;

    private ExitCode() {}
}
