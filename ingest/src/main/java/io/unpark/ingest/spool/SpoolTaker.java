package io.unpark.ingest.spool;

import io.unpark.ingest.BrokerException;
import io.unpark.ingest.DecompressionException;
import io.unpark.ingest.Intake;
import io.unpark.ingest.TraceSource;
import io.unpark.schemas.record.Instance;
import io.unpark.trace.TraceFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Takes in what is in a file. */
final class SpoolTaker {
    private final SpoolConfig config;
    private final Intake intake;

    SpoolTaker(SpoolConfig config, Intake intake) {
        this.config = config;
        this.intake = intake;
    }

    /**
     * Reads it to its end.
     *
     * @param relative its place in the folder, which says whose it is
     * @param modified stands for the clock of traces and reports without one
     * @return why it is refused; nothing when it was taken whole
     * @throws BrokerException when Kafka is away
     * @throws IOException when it cannot be read
     */
    Optional<String> take(Path relative, FileTime modified, InputStream in) throws IOException {
        SpooledFile is;
        try {
            is = SpooledFile.of(relative);
        } catch (IllegalArgumentException e) {
            return Optional.of("bad_parameter: " + e.getMessage());
        }
        try {
            long modifiedUnixNs = modified.to(TimeUnit.NANOSECONDS);
            if (is.raceLog()) {
                String instance = is.instance().orElse(is.service());
                intake.raceLog(new Instance(config.namespace(), is.service(), instance, ""), modifiedUnixNs, in);
                return Optional.empty();
            }
            return trace(is, modifiedUnixNs, in);
        } catch (TraceFormatException | DecompressionException e) {
            return Optional.of(Intake.reason(e) + ": " + e.getMessage());
        } catch (BrokerException e) {
            if (e.away()) {
                throw e;
            }
            return Optional.of(Intake.reason(e) + ": " + e.getMessage());
        }
    }

    private Optional<String> trace(SpooledFile is, long modifiedUnixNs, InputStream in) throws IOException {
        Intake.Trace trace = intake.trace(new TraceSource(
                config.namespace(),
                is.service(),
                is.instance(),
                "",
                Optional.empty(),
                OptionalLong.empty(),
                () -> modifiedUnixNs,
                -1));
        try {
            trace.take(in);
            return Optional.empty();
        } catch (TraceFormatException | DecompressionException e) {
            long generations = trace.progress().generations();
            String before =
                    generations == 0 ? "" : ". The " + generations + " complete generations before that were taken in.";
            return Optional.of(Intake.reason(e) + ": " + e.getMessage() + before);
        }
    }

    /** Whether that is what a file looks like that is still written. */
    static boolean isPerhapsCut(String why) {
        return why.startsWith("truncated:") || why.startsWith("empty:");
    }
}
