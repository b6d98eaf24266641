package io.unpark.app;

import io.unpark.analysis.config.Settled;
import io.unpark.app.console.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unpark config}: what is in force, and from where. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Checks unpark.yaml and the environment, or shows every value in force and where it comes from.",
        footer = {"", "Exit code: 0 all is well, 2 there is a mistake."})
final class ConfigVerb implements Callable<Integer> {
    /** What to do. */
    enum Action {
        CHECK,
        SHOW
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "check|show", description = "Both fail on the first mistake.")
    private Action action;

    @Mixin
    private ConfigFile configFile;

    @Override
    public Integer call() {
        List<Settled> settled = configFile.settled(System.getenv());
        PrintWriter out = spec.commandLine().getOut();
        long changed =
                settled.stream().filter(s -> !s.source().equals("default")).count();
        switch (action) {
            case CHECK ->
                out.println(configFile.name() + ": no mistakes; " + changed + " values differ from the defaults");
            case SHOW -> show(settled, out);
        }
        return ExitCode.OK;
    }

    private static void show(List<Settled> settled, PrintWriter out) {
        int keys = settled.stream()
                .mapToInt(s -> s.key().length() + s.scope().length())
                .max()
                .orElse(0);
        int values = settled.stream().mapToInt(s -> s.value().length()).max().orElse(0);
        String line = "%-" + keys + "s  %-" + values + "s  %s%n";
        settled.forEach(s -> out.printf(line, s.key() + s.scope(), s.value(), s.source()));
    }
}
