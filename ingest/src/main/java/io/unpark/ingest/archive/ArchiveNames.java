package io.unpark.ingest.archive;

import io.unpark.schemas.record.Instance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** How folders and files of an archive are called. Whose a file is stands in its index: names are cut and made harmless. */
final class ArchiveNames {
    static final String TRACE = ".trace";
    static final String LOG = ".log";
    static final String INDEX = ".index";
    /** Being made; it gets its name when it is whole. */
    static final String UNFINISHED = ".unfinished";

    private static final List<String> COMPRESSION = List.of(".gz", ".zst", ".xz");
    private static final int MAX_NAME = 60;
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0," + (MAX_NAME - 1) + "}");
    private static final Pattern HOUR = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d");
    private static final DateTimeFormatter HOUR_FORMAT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME_FORMAT =
            DateTimeFormatter.ofPattern("HHmmss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private ArchiveNames() {}

    static String hour(Instant now) {
        return HOUR_FORMAT.format(now);
    }

    static boolean isHour(Path folder) {
        return HOUR.matcher(folder.getFileName().toString()).matches();
    }

    static String service(Instance instance) {
        String namespace = instance.getNamespace();
        return harmless(namespace.isEmpty() ? instance.getService() : namespace + "." + instance.getService());
    }

    /** Begins with the time, so that the files of an instance sort by it. */
    static String file(Instant now, long number, Instance instance, String suffix) {
        return TIME_FORMAT.format(now)
                + String.format(Locale.ROOT, "-%06d-", number)
                + harmless(instance.getName())
                + suffix;
    }

    /** The index of a file: the same name with another suffix. It stays the same when somebody compresses the file. */
    static Path indexOf(Path file) {
        String name = file.getFileName().toString();
        for (String suffix : COMPRESSION) {
            name = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
        }
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + INDEX);
    }

    static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + UNFINISHED);
    }

    /** The name where it can stand as it is, else what is left of it with a hash of the whole. */
    private static String harmless(String name) {
        if (HARMLESS.matcher(name).matches()) {
            return name;
        }
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        String hash = String.format(Locale.ROOT, "-%08x", crc.getValue());
        String rest = name.replaceAll("[^A-Za-z0-9_-]", "_");
        return rest.substring(0, Math.min(rest.length(), MAX_NAME - hash.length())) + hash;
    }
}
