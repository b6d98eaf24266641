package io.unpark.app;

import io.unpark.app.events.EventsRun;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unpark events}: what a trace holds, event by event. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Prints the events of a recording in the order in which they happened.",
        footer = {
            "",
            "text   one line an event",
            "go     as 'go tool trace -d=parsed FILE' prints them",
            "count  how many there are of each kind, in what time",
            "",
            "Exit code: 0 done; 2 the command line is wrong; 3 the file is refused, or only a part of it could be read."
        })
final class EventsVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--format", paramLabel = "text|go|count", description = "See below; text when left out.")
    private EventsRun.Format format = EventsRun.Format.TEXT;

    @Parameters(paramLabel = "FILE", description = "A trace, plain or compressed.")
    private Path file;

    @Override
    public Integer call() {
        return new EventsRun(file, format, spec.commandLine().getOut()).run();
    }
}
