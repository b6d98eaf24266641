package io.unpark.app;

import io.unpark.app.console.UserError;
import io.unpark.app.process.Archive;
import io.unpark.ingest.archive.ArchiveLimits;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options by which a collector keeps what it accepts. */
final class ArchiveOptions {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*(|B|kB|KB|MB|GB|TB)");

    @Option(
            names = "--archive",
            paramLabel = "DIR",
            description = "Keep what is accepted there too, by service and hour, for unpark replay and go tool trace.")
    private Path folder;

    @Option(
            names = "--archive-quota",
            paramLabel = "SIZE",
            description =
                    "What the archive may take, such as 500MB or 2TB; then its oldest hours go. 20GB when left out.")
    private String quota;

    /** @throws UserError when it cannot be used */
    Optional<Archive> open(Clock clock) {
        long bytes = quota == null ? ArchiveLimits.DEFAULT_QUOTA_BYTES : bytes(quota);
        if (folder == null && quota != null) {
            throw UserError.usage("--archive-quota needs --archive");
        }
        return Optional.ofNullable(folder).map(it -> Archive.open(it, bytes, clock));
    }

    private static long bytes(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches() || Long.parseLong(size.group(1)) < 1) {
            throw UserError.usage("--archive-quota takes a size such as 500MB or 20GB, not " + text);
        }
        long unit = switch (size.group(2).toUpperCase(Locale.ROOT)) {
            case "KB" -> 1_000L;
            case "MB" -> 1_000_000L;
            case "GB" -> 1_000_000_000L;
            case "TB" -> 1_000_000_000_000L;
            default -> 1L;
        };
        try {
            return Math.multiplyExact(Long.parseLong(size.group(1)), unit);
        } catch (ArithmeticException e) {
            throw UserError.usage("--archive-quota " + text + " is more than any disk holds");
        }
    }
}
