package io.unpark.streams;

import io.unpark.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends chunks to their dead-letter topic while others go on: a generation that was held is refused in the processing of another
 * record, whose own fate must not depend on it.
 */
final class ChunkLetters {
    /** Ours, in {@link DeadLetters#REASON}: the generation was declared missing before it came. */
    static final String LATE = "LATE";
    /** Ours: other parts of the generation never came. */
    static final String INCOMPLETE = "INCOMPLETE";
    /** Ours: the generation came in another number of parts before. */
    static final String CONTRADICTION = "CONTRADICTION";

    static final String SINK = InstanceTopology.STAGE + "-to-" + Topics.TRACE_CHUNKS_DLQ.name();

    private final ProcessorContext<String, byte[]> context;
    private final DeadLetters letters;
    private final String topic;

    ChunkLetters(ProcessorContext<String, byte[]> context, Wiring wiring) {
        this.context = context;
        this.letters = DeadLetters.from(context.appConfigs());
        this.topic = wiring.name(Topics.TRACE_CHUNKS);
    }

    /**
     * Sends what is left of one generation.
     *
     * @param values of its chunks, at least one
     * @param offset of its first chunk
     */
    void send(String key, List<byte[]> values, long offset, long timestampMs, String reason, Exception why) {
        int last = values.size() - 1;
        Source source = new Source(
                topic,
                context.taskId().partition(),
                offset,
                new RecordHeaders(),
                InstanceTopology.STAGE,
                context.taskId(),
                timestampMs,
                key.getBytes(StandardCharsets.UTF_8),
                values.get(last));
        RefusedInputException refusal =
                new RefusedInputException(why.getMessage(), why.getCause(), values.subList(0, last), reason);
        for (var letter : letters.of(source, refusal)) {
            context.forward(new Record<>(key, letter.value(), timestampMs, letter.headers()), SINK);
        }
    }

    private record Source(
            String topic,
            int partition,
            long offset,
            Headers headers,
            String processorNodeId,
            TaskId taskId,
            long timestamp,
            byte[] sourceRawKey,
            byte[] sourceRawValue)
            implements ErrorHandlerContext {}
}
