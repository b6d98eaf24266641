package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.UserError;
import io.unpark.ingest.security.NewToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unpark token}: a new token, and the line of the access file that knows it. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Makes a token and prints it, once; the access file keeps only its salted hash.",
        footer = {
            "",
            "  unpark token push=orders --file access            may push as the service orders",
            "  unpark token push=shop/orders,push=shop/billing   these two of the namespace shop",
            "  unpark token read --name ops                      may see the page, the API and the metrics",
            "",
            "Grants: push=SERVICE, push=NAMESPACE/SERVICE, push=PREFIX*, push=*, read, manage."
        })
final class TokenVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "GRANT", split = ",", arity = "1..*", description = "What it may do.")
    private List<String> grants;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Told in answers and metrics; the first grant when left out.")
    private String name;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description =
                    "Access file to add the line to, made when it is not there; the line is printed when left out.")
    private Path file;

    @Override
    public Integer call() {
        NewToken made;
        try {
            made = NewToken.make(name == null ? grants.get(0) : name, grants, new SecureRandom());
        } catch (IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (file == null) {
            spec.commandLine().getErr().println("Add this line to the access file:");
            spec.commandLine().getErr().println(made.line());
            spec.commandLine().getErr().println("The token, which is not kept anywhere:");
        } else {
            append(made.line());
        }
        out.println(made.token());
        return ExitCode.OK;
    }

    private void append(String line) {
        try (FileChannel to =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownersOnly())) {
            boolean glued = to.size() > 0 && !Files.readString(file).endsWith("\n");
            to.write(StandardCharsets.UTF_8.encode((glued ? "\n" : "") + line + "\n"));
        } catch (IOException e) {
            throw UserError.environment("cannot write to " + file + ": " + e.getMessage());
        }
    }

    private static FileAttribute<?>[] ownersOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
