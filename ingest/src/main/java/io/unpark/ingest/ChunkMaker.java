package io.unpark.ingest;

import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceHeader;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Makes the records of one capture's generations. */
final class ChunkMaker {
    private final TraceSource source;
    private final TraceHeader header;
    private final int maxPartBytes;
    private String capture;
    private Instance instance;
    private long sequence;

    ChunkMaker(TraceSource source, TraceHeader header) {
        this(source, header, Topics.MAX_CHUNK_PAYLOAD_BYTES);
    }

    ChunkMaker(TraceSource source, TraceHeader header, int maxPartBytes) {
        this.source = source;
        this.header = header;
        this.maxPartBytes = maxPartBytes;
    }

    /** Capture id; null before the first generation. */
    String capture() {
        return capture;
    }

    /** The instance; null before the first generation. */
    Instance instance() {
        return instance;
    }

    /**
     * The generation's parts; to be called in the order of the generations.
     *
     * @param capturedUnixNs when the generation was there, see {@link TraceSource}
     */
    List<TraceChunk> parts(RawGeneration generation, boolean last, long capturedUnixNs) {
        if (capture == null) {
            begin(generation);
        }
        ByteBuffer bytes = generation.bytes().duplicate().rewind();
        int count = Math.max(1, (bytes.limit() + maxPartBytes - 1) / maxPartBytes);
        List<TraceChunk> parts = new ArrayList<>(count);
        for (int part = 0; part < count; part++) {
            int from = part * maxPartBytes;
            ByteBuffer slice = bytes.slice(from, Math.min(maxPartBytes, bytes.limit() - from));
            parts.add(TraceChunk.newBuilder()
                    .setInstance(instance)
                    .setGoMinor(header.goMinor())
                    .setCapture(capture)
                    .setSequence(sequence)
                    .setGeneration(generation.generation())
                    .setPart(part)
                    .setParts(count)
                    .setCrc32c(crc32c(slice))
                    .setCapturedUnixNs(capturedUnixNs)
                    .setClockErrorNs(source.clockErrorNs())
                    .setLast(last)
                    .setBytes(slice)
                    .build());
        }
        sequence++;
        return parts;
    }

    private void begin(RawGeneration first) {
        capture = source.capture().orElseGet(() -> contentId(header, first));
        long unnumbered = source.capture().isPresent() ? first.generation() : 0;
        sequence = source.firstSequence().orElse(unnumbered);
        String name = source.instance().orElse("capture-" + capture);
        instance = new Instance(source.namespace(), source.service(), name, source.version());
    }

    private static String contentId(TraceHeader header, RawGeneration first) {
        MessageDigest digest = ContentHash.start();
        digest.update(header.bytes());
        digest.update(first.bytes().duplicate().rewind());
        return ContentHash.id(digest);
    }

    private static int crc32c(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }
}
