package io.unpark.app.analyze;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the name of a file tells. */
final class InputNames {
    private static final List<String> COMPRESSION = List.of(".gz", ".zst", ".xz");
    private static final List<String> TRACES = List.of(".trace", ".out", ".bin");
    private static final List<String> PROFILES = List.of(".pb", ".pprof", ".prof");
    private static final String LOG = ".log";

    /** {@code orders.heap.2}, or as go tool pprof names what it fetched: {@code pprof.orders.goroutine.001}. */
    private static final Pattern PROFILE = Pattern.compile(
            "(?:pprof\\.)?(.*?)[._-]*(heap|allocs|goroutineleak|goroutines?|alloc_objects\\.alloc_space\\.inuse_objects\\.inuse_space)"
                    + "[._-]*\\d*",
            Pattern.CASE_INSENSITIVE);

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

    /** What is taken of a folder. CPU profiles are often called {@code .prof}: those must be named. */
    static boolean isWanted(Path file) {
        return isTrace(file)
                || isLog(file)
                || isProfile(file) && !base(file).toLowerCase(Locale.ROOT).endsWith(".prof");
    }

    static boolean isProfile(Path file) {
        String base = base(file);
        return !without(base, PROFILES).equals(base);
    }

    /** The process that a profile is of: all but the kind and the number; the kind, when the name says no more. */
    static String process(String base) {
        String stem = without(base, PROFILES);
        Matcher profile = PROFILE.matcher(stem);
        if (!profile.matches()) {
            return stem;
        }
        return profile.group(1).isEmpty() ? profile.group(2) : profile.group(1);
    }

    /** Whether the name of a profile says which process it is of. */
    static boolean isOfNamedProcess(String base) {
        Matcher profile = PROFILE.matcher(without(base, PROFILES));
        return !profile.matches() || !profile.group(1).isEmpty();
    }

    static Input.Type typeOf(Path file) {
        if (isProfile(file)) {
            return Input.Type.PROFILE;
        }
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
