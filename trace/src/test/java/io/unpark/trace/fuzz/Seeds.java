package io.unpark.trace.fuzz;

import io.unpark.testkit.Corpus;
import io.unpark.testkit.GoTool;
import io.unpark.testkit.TextArchive;
import io.unpark.testkit.TraceText;
import io.unpark.trace.TraceReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where fuzzing begins: real traces made small, our golden traces, and what Go's own fuzzer once found. */
final class Seeds {
    private static final int EVENTS = 1_500;

    private Seeds() {}

    /** Always the same list where the same things are installed. */
    static List<byte[]> all() throws IOException {
        List<byte[]> seeds = new ArrayList<>(goldens());
        seeds.addAll(recordings());
        seeds.addAll(toolchain());
        return List.copyOf(seeds);
    }

    static List<byte[]> goldens() throws IOException {
        return files(resources(TraceReader.class, "goldens"), ".txt").stream()
                .map(file -> TraceText.assemble(TextArchive.parse(text(file)).section("trace")))
                .toList();
    }

    /** From each of the demo's recordings its first or its second generation, cut short. */
    static List<byte[]> recordings() throws IOException {
        List<byte[]> cuts = new ArrayList<>();
        for (Path file : recordingFiles()) {
            cuts.add(small(Corpus.read(file), cuts.size() % 2));
        }
        return cuts;
    }

    static List<Path> recordingFiles() throws IOException {
        Path folder = Path.of("..", "infra", "demo", "recordings");
        return Files.isDirectory(folder) ? files(folder, ".trace.xz") : List.of();
    }

    /** One generation of a trace, with all of its tables and what happened first in it on all Ms: a trace that decodes. */
    static byte[] small(byte[] trace, int generation) {
        Layout layout = Layout.of(trace);
        long number = layout.batches.get(0).generation + generation;
        layout.batches.removeIf(batch -> batch.generation != number);
        long[] times = layout.batches.stream()
                .filter(Batch::ofEvents)
                .flatMapToLong(batch -> Arrays.stream(batch.times()))
                .sorted()
                .toArray();
        long last = times[Math.min(EVENTS, times.length) - 1];
        for (Batch batch : layout.batches) {
            if (batch.ofEvents()) {
                long[] of = batch.times();
                int kept = 0;
                while (kept < of.length && of[kept] <= last) {
                    kept++;
                }
                batch.items = batch.items.subList(0, kept);
            }
        }
        layout.batches.removeIf(batch -> batch.items.isEmpty());
        layout.batches.add(Batch.endOfGeneration());
        layout.rest = new byte[0];
        return layout.toBytes();
    }

    static List<byte[]> toolchain() throws IOException {
        Optional<GoTool> go = GoTool.find();
        if (go.isEmpty()) {
            return List.of();
        }
        Path folder = go.get().root().resolve("src/internal/trace/testdata/fuzz/FuzzReader");
        return Files.isDirectory(folder)
                ? files(folder, "").stream()
                        .map(file -> GoFuzzCorpus.parse(text(file)))
                        .toList()
                : List.of();
    }

    /** The regression corpus: small inputs, each named for what it shows. */
    static List<Path> regressions() throws IOException {
        return files(resources(Seeds.class, "regressions"), "");
    }

    private static Path resources(Class<?> of, String name) throws IOException {
        URL url = of.getResource(name);
        if (url == null) {
            throw new IOException("no resources " + name + " beside " + of);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes all seeds into a folder. */
    static int write(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<byte[]> seeds = all();
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(folder.resolve("seed-%03d".formatted(i)), seeds.get(i));
        }
        return seeds.size();
    }

    /** What {@link #write} wrote, in the same order. */
    static List<byte[]> read(Path folder) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (Path file : files(folder, "")) {
            seeds.add(Files.readAllBytes(file));
        }
        return seeds;
    }

    /** Arguments: the folder to {@link #write} to, then folders to make for the fuzzer's own corpus. */
    public static void main(String[] args) throws IOException {
        for (String folder : args) {
            Files.createDirectories(Path.of(folder));
        }
        System.out.println(write(Path.of(args[0])) + " seeds in " + args[0]);
    }
}
