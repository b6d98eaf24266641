package io.unpark.app.replay;

import io.unpark.app.analyze.FileMeter;
import io.unpark.app.analyze.Input;
import io.unpark.app.analyze.Outcome;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files, a lane for each instance. */
public final class FilePast implements Past {
    private final List<Input> inputs;
    private final List<FileLane> lanes;

    /** @param meter told of the bytes that are read */
    public FilePast(List<Input> inputs, FileMeter meter, TimeRange range) {
        this.inputs = List.copyOf(inputs);
        Map<String, List<Input>> byInstance = new LinkedHashMap<>();
        inputs.forEach(input ->
                byInstance.computeIfAbsent(key(input), key -> new ArrayList<>()).add(input));
        lanes = byInstance.values().stream()
                .map(files -> new FileLane(files, meter, range))
                .toList();
    }

    private static String key(Input input) {
        return input.instance().namespace()
                + '/'
                + input.instance().service()
                + '/'
                + input.instance().name();
    }

    @Override
    public List<FileLane> lanes() {
        return lanes;
    }

    /** Of all files, as they lie on disk. */
    public long bytes() {
        return inputs.stream()
                .map(Input::file)
                .map(Path::toFile)
                .mapToLong(File::length)
                .sum();
    }

    @Override
    public long refused() {
        return outcomes().stream().filter(Outcome::isRefused).count();
    }

    @Override
    public List<String> problems() {
        return outcomes().stream()
                .filter(Outcome::isRefused)
                .map(Outcome::message)
                .toList();
    }

    private List<Outcome> outcomes() {
        return lanes.stream().flatMap(lane -> lane.outcomes().stream()).toList();
    }

    /** The name of the file that an anomaly is from, where its instance has only one; the document as it was otherwise. */
    public AnomalyDocument named(AnomalyDocument document) {
        Map<String, List<Input>> byName = new HashMap<>();
        inputs.forEach(input -> byName.computeIfAbsent(
                        input.instance().service() + '/' + input.instance().name(), key -> new ArrayList<>())
                .add(input));
        List<Input> of = byName.getOrDefault(document.text("service") + '/' + document.text("instance"), List.of());
        return of.size() == 1 ? document.withInput(of.get(0).name()) : document;
    }

    @Override
    public void close() {
        // Lanes close their files themselves.
    }
}
