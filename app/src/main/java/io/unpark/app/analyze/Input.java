package io.unpark.app.analyze;

import io.unpark.analysis.model.Instance;
import io.unpark.ingest.ProfileIntake;
import io.unpark.ingest.RaceLogLimits;
import io.unpark.ingest.RaceLogParser;
import io.unpark.ingest.TraceSource;
import io.unpark.ingest.archive.ArchivedFile;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.schemas.record.RaceReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One file and whose it is.
 *
 * @param name base name without compression suffix, as results show it
 * @param instance the process that it is about
 * @param madeUnixNs when it was made, for what in it has no time of its own (traces before Go 1.25, most race logs); wall
 *     clock, nanoseconds since 1970 UTC
 * @param archived what the collector's archive tells of it
 */
public record Input(
        Path file, Type type, String name, Instance instance, long madeUnixNs, Optional<ArchivedFile> archived) {
    /** A file that says of itself whose it is by its name only. */
    public Input(Path file, Type type, String name, Instance instance, long madeUnixNs) {
        this(file, type, name, instance, madeUnixNs, Optional.empty());
    }

    /** What a file holds. */
    public enum Type {
        TRACE,
        RACE_LOG,
        PROFILE
    }

    /** Whose trace it is, for its records. */
    public TraceSource source() throws IOException {
        return archived.isPresent()
                ? archived.get().source()
                : TraceSource.ofFile(instance.service(), Optional.of(instance.name()), madeUnixNs);
    }

    /**
     * The profile in it.
     *
     * @param plain not compressed; not closed
     */
    public ProfileSnapshot profile(InputStream plain) throws IOException {
        return ProfileIntake.readFile(plain, whose(), madeUnixNs);
    }

    /** Its plain bytes, of those that are given, as far as they count. */
    public InputStream whole(InputStream plain) {
        return archived.map(it -> it.whole(plain)).orElse(plain);
    }

    /**
     * Of a race log: the reports in it.
     *
     * @param plain not compressed; not closed
     * @throws IOException when reading fails; the reports before were given out
     */
    public void reports(InputStream plain, Consumer<RaceReport> to) throws IOException {
        if (archived.isPresent()) {
            archived.get().reports(plain, RaceLogLimits.DEFAULT, to);
            return;
        }
        RaceLogParser.parse(plain, whose(), madeUnixNs, RaceLogLimits.DEFAULT, to);
    }

    private io.unpark.schemas.record.Instance whose() {
        return new io.unpark.schemas.record.Instance(
                instance.namespace(), instance.service(), instance.name(), instance.version());
    }
}
