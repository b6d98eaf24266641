package io.unpark.app.analyze;

/**
 * What became of one input.
 *
 * @param analysed whole generations that were analysed; of a race log, reports; of a profile, itself
 * @param refused whole generations that were refused
 * @param problem what is wrong with the input, "" when nothing is
 */
public record Outcome(Input input, int analysed, int refused, String problem) {
    public boolean isRefused() {
        return !problem.isEmpty();
    }

    /** One line: what is wrong, and what was used nevertheless. */
    public String message() {
        String used = analysed == 0 ? "nothing of it is analysed" : "analysed " + counted(analysed);
        String skipped = refused == 0 ? "" : " (" + counted(refused) + " refused)";
        return input.file() + ": " + problem + "; " + used + skipped;
    }

    private String counted(int n) {
        return switch (input.type()) {
            case TRACE -> n == 1 ? "1 complete generation" : n + " complete generations";
            case RACE_LOG -> n == 1 ? "1 report" : n + " reports";
            case PROFILE -> n == 1 ? "1 profile" : n + " profiles";
        };
    }
}
