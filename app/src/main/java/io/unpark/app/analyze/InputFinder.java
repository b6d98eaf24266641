package io.unpark.app.analyze;

import io.unpark.analysis.model.Instance;
import io.unpark.app.console.UserError;
import io.unpark.ingest.archive.ArchivedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * From arguments to files. A folder stands for what in it, at any depth, is named as a trace ({@code .trace}, {@code .out},
 * {@code .bin}), a log ({@code .log}) or a profile ({@code .pb}, {@code .pprof}), compressed or not; a file is taken whatever its
 * name, as a race log when that ends in {@code .log}, as a profile when it ends as one, and as a trace otherwise.
 */
public final class InputFinder {
    private final Map<Path, String> services;
    private final Set<Path> named = new LinkedHashSet<>();
    private final Set<Path> seen = new LinkedHashSet<>();
    private final List<Input> found = new ArrayList<>();
    private int others;

    private InputFinder(Map<Path, String> services) {
        this.services = services;
    }

    /**
     * What was found.
     *
     * @param others files of the folders that are not named as any input is, and were left out
     */
    public record Found(List<Input> inputs, int others) {}

    /**
     * Finds all files; one that is named twice counts once.
     *
     * @param raceLogs files, or folders of {@code .log} files
     * @param services service by file, of files among the others
     * @throws UserError when something is not there, or a service is given for a file that is not among the others
     */
    public static Found find(List<Path> paths, List<Path> raceLogs, Map<Path, String> services) {
        InputFinder finder = new InputFinder(services);
        paths.forEach(path -> finder.add(path, InputNames::isWanted, InputNames::typeOf));
        raceLogs.forEach(path -> finder.add(path, InputNames::isLog, file -> Input.Type.RACE_LOG));
        for (Path file : services.keySet()) {
            if (!finder.named.contains(file)) {
                throw UserError.usage("--service names " + file + ", which is not among the files");
            }
        }
        return new Found(finder.found, finder.others);
    }

    private void add(Path path, Predicate<Path> wanted, Function<Path, Input.Type> type) {
        if (!Files.exists(path)) {
            throw UserError.usage("there is no " + path);
        }
        for (Path file : Files.isDirectory(path) ? walk(path, wanted) : List.of(path)) {
            if (seen.add(file.toAbsolutePath().normalize())) {
                found.add(input(file, type.apply(file)));
            }
        }
    }

    private List<Path> walk(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
            List<Path> inputs = files.stream().filter(wanted).toList();
            others += files.size() - inputs.size();
            return inputs;
        } catch (IOException | UncheckedIOException e) {
            throw UserError.environment("cannot read the folder " + folder + ": " + e.getMessage());
        }
    }

    private Input input(Path file, Input.Type type) {
        String base = InputNames.base(file);
        String stem = InputNames.service(base);
        if (type == Input.Type.PROFILE) {
            return profile(file, base);
        }
        Optional<ArchivedFile> archived = archived(file);
        if (archived.isPresent() && serviceOf(file, "").isEmpty()) {
            var of = archived.get().instance();
            Instance instance = new Instance(of.getNamespace(), of.getService(), of.getName(), of.getVersion());
            return new Input(file, type, base, instance, archived.get().firstUnixNs(), archived);
        }
        Instance instance = new Instance("", serviceOf(file, stem), stem, "");
        return new Input(file, type, base, instance, modifiedUnixNs(file));
    }

    /** Several files are of one process: only together do they tell of growth. */
    private Input profile(Path file, String base) {
        String process = InputNames.process(base);
        String service = serviceOf(file, process);
        String name = InputNames.isOfNamedProcess(base) ? process : service;
        Instance instance = new Instance("", service, name, "");
        return new Input(file, Input.Type.PROFILE, base, instance, modifiedUnixNs(file));
    }

    private static Optional<ArchivedFile> archived(Path file) {
        try {
            return ArchivedFile.of(file);
        } catch (IOException e) {
            throw UserError.refused("the index beside " + file + " cannot be read: " + e.getMessage()
                    + "; without it the file is taken by its name");
        }
    }

    private static long modifiedUnixNs(Path file) {
        try {
            return Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
        } catch (IOException e) {
            return 0; // Whoever opens the file will say what is wrong with it.
        }
    }

    /** {@code --service} may name a file by its path, or by its name when that is enough. */
    private String serviceOf(Path file, String otherwise) {
        for (Map.Entry<Path, String> service : services.entrySet()) {
            Path key = service.getKey();
            boolean samePath = key.toAbsolutePath()
                    .normalize()
                    .equals(file.toAbsolutePath().normalize());
            if (samePath || key.getNameCount() == 1 && file.endsWith(key)) {
                named.add(key);
                return service.getValue();
            }
        }
        return otherwise;
    }
}
