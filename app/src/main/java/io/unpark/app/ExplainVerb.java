package io.unpark.app;

import io.unpark.analysis.model.Kind;
import io.unpark.app.console.ExitCode;
import io.unpark.app.console.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unpark explain}: a kind's page, which the build puts into the jar. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Tells what a kind of anomaly means, how it is decided, when it is wrong and how to fix it.")
final class ExplainVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "KIND", description = "Such as goroutine_leak; left out: all kinds.")
    private String kind;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (kind == null) {
            for (Kind each : Kind.values()) {
                out.println(title(each));
            }
            return ExitCode.OK;
        }
        Kind known = Kind.of(kind)
                .orElseThrow(() -> UserError.usage("there is no kind '" + kind + "'; the kinds are "
                        + String.join(
                                ", ", Arrays.stream(Kind.values()).map(Kind::id).toList())));
        out.print(page(known));
        return ExitCode.OK;
    }

    /** The page's first line, without the mark of a heading. */
    private static String title(Kind kind) throws IOException {
        return page(kind).lines().findFirst().orElseThrow().replaceFirst("^#+ ", "");
    }

    private static String page(Kind kind) throws IOException {
        try (InputStream in = ExplainVerb.class.getResourceAsStream("/detectors/" + kind.id() + ".md")) {
            if (in == null) {
                throw new IOException("the page of " + kind.id() + " is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
