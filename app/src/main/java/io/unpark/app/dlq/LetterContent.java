package io.unpark.app.dlq;

import io.unpark.schemas.Topics;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.trace.TraceHeader;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** What to write of a letter into a file. */
public final class LetterContent {
    private final Optional<TopicSerdes> serdes;
    private boolean started;

    /** @param serdes to write generations as traces; empty to write values as they lie there */
    public LetterContent(Optional<TopicSerdes> serdes) {
        this.serdes = serdes;
    }

    /** @param what they are, in words */
    public record Bytes(byte[] bytes, String what) {}

    /** Those of the next letter of one file; the first generation has the trace's header in front. */
    public Bytes of(Letter letter) {
        byte[] value =
                letter.record().value() == null ? new byte[0] : letter.record().value();
        if (letter.isKeptTrace()) {
            return new Bytes(value, "the trace as it was pushed");
        }
        boolean chunk = letter.record().topic().endsWith(Topics.TRACE_CHUNKS_DLQ.name());
        if (serdes.isEmpty() || !chunk) {
            return new Bytes(value, "the value as it lies there");
        }
        try {
            TraceChunk decoded = serdes.get()
                    .value(Topics.TRACE_CHUNKS)
                    .deserializer()
                    .deserialize(letter.record().topic(), value);
            return new Bytes(trace(decoded), "generation " + decoded.getGeneration() + " as a trace");
        } catch (KafkaException e) {
            return new Bytes(value, "the value as it lies there, which is no chunk (" + e.getMessage() + ")");
        }
    }

    private byte[] trace(TraceChunk chunk) {
        byte[] header = started ? new byte[0] : new TraceHeader(chunk.getGoMinor()).bytes();
        started = true;
        ByteBuffer content = chunk.getBytes().duplicate();
        return ByteBuffer.allocate(header.length + content.remaining())
                .put(header)
                .put(content)
                .array();
    }
}
