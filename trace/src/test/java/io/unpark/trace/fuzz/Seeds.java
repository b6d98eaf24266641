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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where fuzzing begins: real traces made small, our golden traces, and what Go's own fuzzer once found. */
final class Seeds {
    private static final int MAX_EVENTS_A_BATCH = 60;
    private static final int MAX_BATCHES = 24;

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
                .map(file -> TraceText.assemble(
                        TextArchive.parse(text(file)).section("trace")))
                .toList();
    }

    /** The demo's recordings, each cut down to its tables and a few events of each M. */
    static List<byte[]> recordings() throws IOException {
        List<byte[]> cuts = new ArrayList<>();
        for (Path file : recordingFiles()) {
            cuts.add(small(Corpus.read(file)));
        }
        return cuts;
    }

    static List<Path> recordingFiles() throws IOException {
        Path folder = Path.of("..", "infra", "demo", "recordings");
        return Files.isDirectory(folder) ? files(folder, ".trace.xz") : List.of();
    }

    static byte[] small(byte[] trace) {
        Layout layout = Layout.of(trace);
        List<Batch> kept = new ArrayList<>();
        for (Batch batch : layout.batches) {
            boolean early = kept.size() < MAX_BATCHES;
            if (early && batch.ofEvents() && batch.items.size() > MAX_EVENTS_A_BATCH) {
                batch.items = new ArrayList<>(batch.items.subList(0, MAX_EVENTS_A_BATCH));
            }
            if (early || !batch.ofEvents()) {
                kept.add(batch);
            }
            if (batch.type == Batch.END_OF_GENERATION && kept.size() >= MAX_BATCHES) {
                break;
            }
        }
        layout.batches = kept;
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

    /** Writes all seeds into a folder, for the fuzzer: as they are, and a few scripts of edits. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        List<byte[]> seeds = all();
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(folder.resolve("seed-" + i), seeds.get(i));
        }
        System.out.println(seeds.size() + " seeds in " + folder);
    }
}
