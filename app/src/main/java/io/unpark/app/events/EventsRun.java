package io.unpark.app.events;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.UserError;
import io.unpark.ingest.Decompression;
import io.unpark.trace.EventVisitor;
import io.unpark.trace.GoFormatPrinter;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads one recording and prints its events. */
public final class EventsRun {
    /** How events are printed. */
    public enum Format {
        TEXT,
        GO,
        COUNT
    }

    private final Path file;
    private final Format format;
    private final PrintWriter out;

    public EventsRun(Path file, Format format, PrintWriter out) {
        this.file = file;
        this.format = format;
        this.out = out;
    }

    /**
     * Understands the plain forms of the command line, {@code events [--format FORMAT] FILE}, as the parser of all verbs does,
     * which takes longer to start than a short recording to read. Null for anything else.
     */
    public static EventsRun plain(String[] args, PrintWriter out) {
        boolean named = args.length == 4 && args[1].equals("--format");
        if (args.length == 0 || !args[0].equals("events") || args.length != (named ? 4 : 2)) {
            return null;
        }
        String file = args[args.length - 1];
        Format format = named ? format(args[2]) : Format.TEXT;
        boolean plain = format != null && !file.startsWith("-") && !file.startsWith("@") && !file.isEmpty();
        return plain ? new EventsRun(Path.of(file), format, out) : null;
    }

    private static Format format(String name) {
        for (Format format : Format.values()) {
            if (format.name().equalsIgnoreCase(name)) {
                return format;
            }
        }
        return null;
    }

    /**
     * Returns the exit code.
     *
     * @throws UserError when the file is not there, refused, or only a part of it could be read
     */
    public int run() {
        if (!Files.exists(file)) {
            throw UserError.usage("there is no " + file);
        }
        if (Files.isDirectory(file)) {
            throw UserError.usage(file + " is a folder; name one file");
        }
        // Not by a channel, whose stream copies all once more, and starts later: 5 % of 300 MB, more of a short
        // recording.
        try (InputStream in = Decompression.open(new FileInputStream(file.toFile()), Decompression.Limits.FILES)) {
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
            counter.print(out, reader.completeGenerations(), System.nanoTime() - beganNs);
        }
        return ExitCode.OK;
    }
}
