package io.unpark.streams;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends refused input to its dead-letter topic; fails on everything else, since that is our bug or somebody's outage and
 * not the record's fault. Public because Kafka Streams makes it by name.
 */
public final class PoisonProcessingHandler implements ProcessingExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PoisonProcessingHandler.class);

    private StreamsCounters counters = new StreamsCounters();

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (!(exception instanceof RefusedInputException)) {
            return Response.fail();
        }
        List<ProducerRecord<byte[], byte[]>> letters = DeadLetters.of(context, exception);
        counters.deadLetters.add(letters.size());
        LOG.warn(
                "Refused {}-{}@{}: {}",
                context.topic(),
                context.partition(),
                context.offset(),
                exception.getMessage());
        return Response.resume(letters);
    }

    @Override
    public void configure(Map<String, ?> configs) {
        counters = DeadLetters.counters(configs);
    }
}
