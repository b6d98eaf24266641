package io.unpark.ingest.spool;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whose a file is, by its place: {@code SERVICE.trace}, {@code SERVICE/….trace}, or {@code SERVICE/INSTANCE/….trace}; {@code .log} is a
 * race log.
 */
record SpooledFile(String service, Optional<String> instance, boolean raceLog) {
    private static final int MAX_CHARS = 200;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
    private static final List<String> COMPRESSED = List.of(".gz", ".zst", ".xz");
    private static final List<String> KINDS = List.of(".trace", ".out", ".bin", ".log");
    private static final List<String> UNFINISHED = List.of(".tmp", ".part", ".partial", ".crdownload", ".swp", "~");

    /** @throws IllegalArgumentException when a name cannot be a service's or an instance's */
    static SpooledFile of(Path relative) {
        int names = relative.getNameCount();
        String file = without(COMPRESSED, relative.getFileName().toString());
        String service = names > 1 ? relative.getName(0).toString() : without(KINDS, file);
        Optional<String> instance = names > 2 ? Optional.of(relative.getName(1).toString()) : Optional.empty();
        check("service", service);
        instance.ifPresent(it -> check("instance", it));
        return new SpooledFile(service, instance, file.toLowerCase(Locale.ROOT).endsWith(".log"));
    }

    /** Whether the name is one that writers use until a file is whole, or nobody's to take. */
    static boolean isOthers(String fileName) {
        return fileName.startsWith(".") || UNFINISHED.stream().anyMatch(fileName.toLowerCase(Locale.ROOT)::endsWith);
    }

    private static String without(List<String> suffixes, String name) {
        for (String suffix : suffixes) {
            if (name.toLowerCase(Locale.ROOT).endsWith(suffix)) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        return name;
    }

    private static void check(String what, String name) {
        if (name.isBlank()
                || name.length() > MAX_CHARS
                || !name.equals(name.strip())
                || CONTROL.matcher(name).find()) {
            throw new IllegalArgumentException("the name cannot be that of a " + what + ": at most " + MAX_CHARS
                    + " characters, no control characters, no blanks at its ends");
        }
    }
}
