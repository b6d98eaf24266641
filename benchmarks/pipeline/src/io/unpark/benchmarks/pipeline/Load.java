package io.unpark.benchmarks.pipeline;

import io.unpark.ingest.ChunkProducer;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.TopicSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Recordings that are sent as often as it takes. */
final class Load {
    private static final String SUFFIX = ".trace";

    private final List<Recording> recordings;

    private Load(List<Recording> recordings) {
        this.recordings = recordings;
    }

    /** Reads files, and all traces in folders, at any depth. A service is named after its folder and file. */
    static Load read(List<String> paths) throws IOException {
        List<Recording> recordings = new ArrayList<>();
        for (String path : paths) {
            try (Stream<Path> files = Files.walk(Path.of(path))) {
                for (Path file : files.filter(it -> it.getFileName().toString().contains(SUFFIX)).sorted().toList()) {
                    recordings.add(Recording.read(file, service(file)));
                }
            }
        }
        if (recordings.isEmpty()) {
            throw new IOException("no recordings in " + paths);
        }
        return new Load(recordings);
    }

    private static String service(Path file) {
        String name = file.getFileName().toString();
        Path folder = file.toAbsolutePath().getParent().getFileName();
        return folder + "-" + name.substring(0, name.indexOf(SUFFIX));
    }

    List<Recording> recordings() {
        return recordings;
    }

    long bytes() {
        return recordings.stream().mapToLong(Recording::bytes).sum();
    }

    /**
     * Sends whole copies of all recordings, the generations of all of them by turns, as a fleet would.
     *
     * @return bytes of trace
     */
    long send(Map<String, Object> cluster, TopicLayout layout, TopicSerdes serdes, int copies) throws IOException {
        long sent = 0;
        int longest = recordings.stream().mapToInt(Recording::generations).max().orElseThrow();
        try (ChunkProducer producer = new ChunkProducer(cluster, layout, serdes)) {
            for (int generation = 0; generation < longest; generation++) {
                for (int copy = 0; copy < copies; copy++) {
                    for (Recording recording : recordings) {
                        if (generation < recording.generations()) {
                            producer.accept(recording.copy(generation, copy, 0, 0));
                        }
                    }
                }
            }
            for (Recording recording : recordings) {
                sent += copies * recording.bytes();
            }
        }
        return sent;
    }
}
