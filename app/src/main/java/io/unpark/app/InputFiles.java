package io.unpark.app;

import io.unpark.app.analyze.InputFinder;
import io.unpark.app.console.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that name files, the same for all verbs that read some. */
final class InputFiles {
    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description = "Traces, logs (.log), profiles (.pb, .pprof, .prof), or folders of them, such as an archive.")
    private List<Path> paths = List.of();

    @Option(
            names = "--races",
            paramLabel = "LOG",
            description = "A log with reports of the race detector, whatever its name; or a folder of .log files.")
    private List<Path> races = List.of();

    @Option(
            names = "--service",
            paramLabel = "NAME=FILE",
            description = "The service of one of the files; without it the file's name, less its suffixes.")
    private List<String> services = List.of();

    /** Whether any were named. */
    boolean areNamed() {
        return !paths.isEmpty() || !races.isEmpty();
    }

    /** At least one file; those of folders at any depth. */
    InputFinder.Found find() {
        InputFinder.Found found = InputFinder.find(paths, races, servicesByFile());
        if (found.inputs().isEmpty()) {
            throw UserError.usage("no trace (.trace, .out, .bin), no profile (.pb, .pprof) and no log (.log) in "
                    + (paths.isEmpty() ? races : paths).get(0) + "; name the file itself when it is called otherwise");
        }
        return found;
    }

    private Map<Path, String> servicesByFile() {
        Map<Path, String> byFile = new LinkedHashMap<>();
        for (String service : services) {
            int equals = service.indexOf('=');
            if (equals < 1 || equals == service.length() - 1) {
                throw UserError.usage("--service takes NAME=FILE, not " + service);
            }
            byFile.put(Path.of(service.substring(equals + 1)), service.substring(0, equals));
        }
        return byFile;
    }
}
