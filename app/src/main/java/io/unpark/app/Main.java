package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.UserError;
import io.unpark.app.events.EventsRun;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The binary {@code unpark}: finds the verb and runs it. */
@Command(
        name = "unpark",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "VERB",
        description = "Tells why requests of Go services were slow or stuck, and which line to fix.")
public final class Main implements Runnable {
    private static final String EXAMPLES = String.join(
            System.lineSeparator(),
            "Tells why requests of Go services were slow or stuck, and which line to fix.",
            "",
            "  unpark demo                                everything in one process, on the shipped recordings",
            "  unpark up --data ./data                    everything in one process, waiting for your services:",
            "      curl --data-binary @trace.out 'localhost:8080/ingest/v1/trace?service=orders'",
            "  unpark capture --service orders --wait     a trace of a running service, now",
            "  unpark analyze trace.out                   what is wrong in a recording of Go's runtime/trace",
            "  unpark analyze --races race.log            the race detector's reports, each distinct race once",
            "  unpark analyze --format jsonl recordings/  a folder of both, one JSON object a line",
            "  unpark anomalies --follow                  what a running Unpark finds, in the terminal",
            "  unpark events --format count trace.out     what a recording holds",
            "  unpark explain goroutine_leak              what a kind means, how it is decided, how to fix it",
            "  unpark config show                         every threshold in force, and where it comes from",
            "  unpark replay --compare last-month.jsonl --config new.yaml archive/",
            "                                             what other thresholds would have found",
            "",
            "  unpark topics create --bootstrap kafka:9092",
            "  unpark doctor --bootstrap kafka:9092 --registry http://registry:8081",
            "  unpark dlq list --bootstrap kafka:9092     what was refused, and why",
            "  unpark collect | stream | sink --bootstrap kafka:9092 --registry http://registry:8081",
            "                                             one role each, against your own cluster",
            "",
            "unpark VERB --help tells the options of a verb, unpark --help all verbs.");

    private final PrintWriter out;

    private Main(PrintWriter out) {
        this.out = out;
    }

    /** Ends the process with one of the documented exit codes. */
    public static void main(String[] args) {
        int code = run(args, writer(System.out), writer(System.err));
        // From JDK 21 on exit asks for a logger first, which opens all jars to find one: 40 ms.
        if (code != ExitCode.OK || !endsByItself()) {
            System.exit(code);
        }
    }

    /** Whether no thread but this one keeps the process alive. */
    private static boolean endsByItself() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[2 * all.activeCount() + 1];
        int count = all.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (!threads[i].isDaemon() && threads[i] != Thread.currentThread()) {
                return false;
            }
        }
        return count < threads.length;
    }

    /**
     * Runs a verb in this process.
     *
     * @param out results
     * @param err everything else
     * @return the exit code
     */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        try {
            EventsRun events = EventsRun.plain(args, out);
            if (events != null) {
                return plain(events, err);
            }
            return Verbs.addTo(new CommandLine(new Main(out)), args)
                    .setOut(out)
                    .setErr(err)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setParameterExceptionHandler(Main::mistake)
                    .setExecutionExceptionHandler(Main::failure)
                    .execute(args);
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, false, StandardCharsets.UTF_8);
    }

    @Override
    public void run() {
        out.println(EXAMPLES);
    }

    private static int mistake(ParameterException e, String[] args) {
        CommandLine verb = e.getCommandLine();
        String name = verb.getCommandSpec().qualifiedName();
        verb.getErr().println(name + ": " + firstLine(e.getMessage()) + meant(e) + "; see " + name + " --help");
        return ExitCode.USAGE;
    }

    /** What is nearest to a word that is unknown. */
    private static String meant(ParameterException e) {
        List<String> near = e instanceof UnmatchedArgumentException unknown ? unknown.getSuggestions() : List.of();
        return near.isEmpty() ? "" : "; did you mean " + String.join(", or ", near) + "?";
    }

    private static int failure(Exception e, CommandLine verb, ParseResult parsed) {
        return failure(e, verb.getCommandSpec().qualifiedName(), verb.getErr());
    }

    private static int plain(EventsRun events, PrintWriter err) {
        try {
            return events.run();
        } catch (RuntimeException e) {
            return failure(e, "unpark events", err);
        }
    }

    private static int failure(Exception e, String name, PrintWriter err) {
        if (e instanceof UserError mistake) {
            err.println(name + ": " + mistake.getMessage());
            return mistake.exitCode();
        }
        e.printStackTrace(err);
        return ExitCode.FAILURE;
    }

    private static String firstLine(String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    /** As the build wrote it into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"unpark " + (version == null ? "(not built as a jar)" : version)};
        }
    }
}
