package io.unpark.app;

import io.unpark.app.analyze.FileMeter;
import io.unpark.app.analyze.Input;
import io.unpark.app.console.Progress;
import io.unpark.app.console.UserError;
import io.unpark.app.replay.FilePast;
import io.unpark.app.replay.Past;
import io.unpark.app.replay.ReplayPlace;
import io.unpark.app.replay.TimeRange;
import io.unpark.app.replay.TopicHistory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what is replayed. */
final class ReplayInput {
    private static final String DEFAULT_MARGIN = "PT2H";

    @Mixin
    private InputFiles files;

    @Option(
            names = "--topic",
            paramLabel = "T",
            description =
                    "Instead of files: a topic of trace chunks, of race reports or of profiles, by its name on the cluster."
                            + " May be given several times.")
    private List<String> topics = List.of();

    @Option(names = "--from", paramLabel = "TIME", description = "From then on, as 2026-11-01T06:00:00Z or 2026-11-01.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Until then, by the time of the events.")
    private String to;

    @Option(
            names = "--margin",
            paramLabel = "DURATION",
            description = "How far a topic's time of acceptance may be from the events' time; " + DEFAULT_MARGIN
                    + " when left out.")
    private String margin = DEFAULT_MARGIN;

    private List<Input> found;

    /** Looks at the command line and for the files, before anything is started. */
    void check() {
        range();
        margin();
        if (files.areNamed() != topics.isEmpty()) {
            throw UserError.usage("name files and folders, or a --topic, as in: unpark replay archive/");
        }
        found = isTopics() ? List.of() : files.find().inputs();
    }

    boolean isTopics() {
        return !topics.isEmpty();
    }

    private TimeRange range() {
        return from == null && to == null ? TimeRange.ALL : TimeRange.of(from, to);
    }

    private Duration margin() {
        try {
            Duration duration = Duration.parse(margin);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (java.time.format.DateTimeParseException e) {
            // said below
        }
        throw UserError.usage("--margin takes a duration such as PT30M or PT2H, not " + margin);
    }

    /**
     * Opens it.
     *
     * @param source the cluster of the topics
     * @param progress makes a bar of a total
     */
    Past open(Optional<ReplayPlace> source, LongFunction<Progress> progress) {
        if (!isTopics()) {
            long bytes = found.stream()
                    .mapToLong(input -> input.file().toFile().length())
                    .sum();
            return new FilePast(found, new FileMeter(progress.apply(bytes)), range());
        }
        try {
            TopicHistory history = new TopicHistory(source.orElseThrow(), topics, range(), margin());
            history.show(progress.apply(history.records()));
            return history;
        } catch (IOException | KafkaException e) {
            throw UserError.environment(e.getMessage());
        }
    }

    /** For people. */
    String described() {
        if (isTopics()) {
            return String.join(", ", topics);
        }
        return found.size() == 1 ? "1 file" : found.size() + " files";
    }
}
