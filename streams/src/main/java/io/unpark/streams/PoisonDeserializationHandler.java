package io.unpark.streams;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/**
 * Sends records that are not what their topic carries to its dead-letter topic; fails when the registry could not be asked,
 * since then nothing is known about the record. Public because Kafka Streams makes it by name.
 */
public final class PoisonDeserializationHandler implements DeserializationExceptionHandler {
    private DeadLetters deadLetters;

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        return exception instanceof SerializationException
                ? Response.resume(deadLetters.of(context, exception))
                : Response.fail();
    }

    @Override
    public void configure(Map<String, ?> configs) {
        deadLetters = DeadLetters.from(configs);
    }
}
