package io.unpark.app.doctor;

/**
 * What one check found.
 *
 * @param subject what was looked at, a word or two
 * @param found in words
 * @param next what to do about it; "" when nothing is to be done
 */
public record Diagnosis(Level level, String subject, String found, String next) {
    /** How bad it is. */
    public enum Level {
        OK,
        WARN,
        FAIL
    }

    static Diagnosis ok(String subject, String found) {
        return new Diagnosis(Level.OK, subject, found, "");
    }

    static Diagnosis warn(String subject, String found, String next) {
        return new Diagnosis(Level.WARN, subject, found, next);
    }

    static Diagnosis fail(String subject, String found, String next) {
        return new Diagnosis(Level.FAIL, subject, found, next);
    }

    /** One line; texts of others may have several. */
    @Override
    public String toString() {
        String line = String.format("%-4s  %-12s  %s", level, subject, oneLine(found));
        return next.isEmpty() ? line : line + "; " + oneLine(next);
    }

    private static String oneLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
