package io.unpark.streams;

import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends refused input to its dead-letter topic; fails on everything else, since that is our bug or somebody's outage and
 * not the record's fault. Public because Kafka Streams makes it by name.
 */
public final class PoisonProcessingHandler implements ProcessingExceptionHandler {
    private DeadLetters deadLetters;

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        return exception instanceof RefusedInputException
                ? Response.resume(deadLetters.of(context, exception))
                : Response.fail();
    }

    @Override
    public void configure(Map<String, ?> configs) {
        deadLetters = DeadLetters.from(configs);
    }
}
