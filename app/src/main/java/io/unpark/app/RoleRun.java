package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.Stages;
import io.unpark.app.console.UserError;
import io.unpark.app.process.Serving;
import io.unpark.app.roles.Role;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** A role from its start to the signal that ends it. */
final class RoleRun {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private RoleRun() {}

    /**
     * Returns when the process was asked to end, everything being closed.
     *
     * @param starter gets who is told what is being started
     * @throws UserError when it cannot start, or stops for good
     */
    static int of(CommandSpec verb, Function<Consumer<String>, Role> starter) throws InterruptedException {
        PrintWriter out = verb.commandLine().getOut();
        Stages stages = new Stages(verb.commandLine().getErr(), System::nanoTime);
        try (Serving serving = Serving.begin();
                Role role = starter.apply(stages::at)) {
            out.println("Serving at " + role.url() + "/; Ctrl-C ends it.");
            out.flush();
            while (!serving.awaitSignal(LOOK_EVERY)) {
                Optional<String> failure = role.failure();
                if (failure.isPresent()) {
                    throw UserError.environment("stopped: " + failure.get());
                }
            }
            stages.at("stopping");
        }
        return ExitCode.OK;
    }
}
