package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.UserError;
import io.unpark.app.events.EventCounter;
import io.unpark.app.events.TextPrinter;
import io.unpark.ingest.Decompression;
import io.unpark.trace.EventVisitor;
import io.unpark.trace.GoFormatPrinter;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unpark events}: what a trace holds, event by event. */
@Command(
        name = "events",
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
    /** How events are printed. */
    enum Format {
        TEXT,
        GO,
        COUNT
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--format", paramLabel = "text|go|count", description = "See below; text when left out.")
    private Format format = Format.TEXT;

    @Parameters(paramLabel = "FILE", description = "A trace, plain or compressed.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(file)) {
            throw UserError.usage("there is no " + file);
        }
        if (Files.isDirectory(file)) {
            throw UserError.usage(file + " is a folder; name one file");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (InputStream in = Decompression.open(Files.newInputStream(file), Decompression.Limits.FILES)) {
            return switch (format) {
                case TEXT -> print(in, new TextPrinter(out));
                case GO -> print(in, new GoFormatPrinter(out));
                case COUNT -> count(in, new EventCounter());
            };
        } catch (TraceFormatException e) {
            throw refusal(e);
        } catch (IOException e) {
            throw UserError.refused(file + ": " + (e.getMessage() == null ? e : e.getMessage()));
        }
    }

    private UserError refusal(TraceFormatException e) {
        int complete = e.completeGenerations();
        String used = complete == 0
                ? ""
                : "; the " + (complete == 1 ? "complete generation" : complete + " complete generations")
                        + " before are printed";
        return UserError.refused(file + ": " + e.getMessage() + used);
    }

    private int print(InputStream in, EventVisitor printer) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        TraceReader reader = TraceReader.open(in);
        try {
            // A reader that went away (head, less) is no reason to decode the rest.
            while (reader.readGeneration(printer) && !out.checkError()) {
                continue;
            }
        } finally {
            out.flush();
        }
        return ExitCode.OK;
    }

    private int count(InputStream in, EventCounter counter) throws IOException {
        TraceReader reader = TraceReader.open(in);
        long beganNs = System.nanoTime();
        try {
            while (reader.readGeneration(counter)) {
                continue;
            }
        } finally {
            counter.print(spec.commandLine().getOut(), reader.completeGenerations(), System.nanoTime() - beganNs);
        }
        return ExitCode.OK;
    }
}
