package io.unpark.streams;

import io.unpark.analysis.model.Ids;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.testkit.Corpus;
import io.unpark.trace.GenerationSplitter;
import io.unpark.trace.RawGeneration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Recorded traces as the collector would send them. */
final class Recordings {
    private Recordings() {}

    /** A trace's whole generations, the service and instance named after the file. */
    static List<TraceChunk> chunks(Path trace) throws IOException {
        String name = trace.getFileName().toString().replace(".trace.xz", "");
        return chunks(trace, name, name, Records.T0);
    }

    /** The same under another name, its first generation captured at the given time. */
    static List<TraceChunk> chunks(Path trace, String service, String instance, long firstUnixNs) throws IOException {
        List<TraceChunk> chunks = new ArrayList<>();
        try (GenerationSplitter splitter = GenerationSplitter.open(Corpus.open(trace))) {
            for (RawGeneration raw = splitter.next(); raw != null; raw = splitter.next()) {
                chunks.add(TraceChunk.newBuilder()
                        .setInstance(new Instance("", service, instance, ""))
                        .setGoMinor(splitter.header().goMinor())
                        .setCapture(Ids.hash(instance))
                        .setSequence(chunks.size())
                        .setGeneration(raw.generation())
                        .setPart(0)
                        .setParts(1)
                        .setCrc32c(ChunkChecks.crc32c(raw.bytes()))
                        .setCapturedUnixNs(firstUnixNs + chunks.size() * 1000 * Records.MS)
                        .setBytes(raw.bytes())
                        .build());
            }
        }
        return chunks;
    }

    /** A generation in parts of at most so many bytes, as for one that is larger than a record may be. */
    static List<TraceChunk> parts(TraceChunk whole, int partBytes) {
        ByteBuffer bytes = whole.getBytes();
        int parts = Math.max(1, (bytes.remaining() + partBytes - 1) / partBytes);
        List<TraceChunk> chunks = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int from = i * partBytes;
            ByteBuffer piece = bytes.slice(bytes.position() + from, Math.min(partBytes, bytes.remaining() - from));
            chunks.add(new TraceChunk(
                    whole.getInstance(),
                    whole.getGoMinor(),
                    whole.getCapture(),
                    whole.getSequence(),
                    whole.getGeneration(),
                    i,
                    parts,
                    ChunkChecks.crc32c(piece),
                    whole.getCapturedUnixNs(),
                    whole.getClockErrorNs(),
                    whole.getLast(),
                    piece));
        }
        return chunks;
    }
}
