package io.unpark.app.analyze;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the name of a file tells. */
final class InputNames {
    private static final List<String> COMPRESSION = List.of(".gz", ".zst", ".xz");
    private static final List<String> TRACES = List.of(".trace", ".out", ".bin");
    private static final String LOG = ".log";

    private InputNames() {}

    /** The last part of the path, without compression suffix. */
    static String base(Path file) {
        return without(file.getFileName().toString(), COMPRESSION);
    }

    /** The service that a file without {@code --service} stands for. */
    static String service(String base) {
        String stem = without(base, TRACES);
        return stem.equals(base) ? without(base, List.of(LOG)) : stem;
    }

    static boolean isTrace(Path file) {
        String base = base(file);
        return !without(base, TRACES).equals(base);
    }

    static boolean isLog(Path file) {
        String base = base(file);
        return !without(base, List.of(LOG)).equals(base);
    }

    static boolean isTraceOrLog(Path file) {
        return isTrace(file) || isLog(file);
    }

    static Input.Type typeOf(Path file) {
        return isLog(file) ? Input.Type.RACE_LOG : Input.Type.TRACE;
    }

    /** A name that is nothing but the suffix is kept: something must be left. */
    private static String without(String name, List<String> suffixes) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String suffix : suffixes) {
            if (lower.endsWith(suffix) && lower.length() > suffix.length()) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        return name;
    }
}
