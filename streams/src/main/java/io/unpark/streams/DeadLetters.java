package io.unpark.streams;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/**
 * Records for {@code <topic>-dlq}: key, value and headers as they came, and the headers of Kafka Streams' own dead-letter
 * queue (KIP-1034), whose setting only names one topic for a whole application.
 */
final class DeadLetters {
    static final String EXCEPTION = "__streams.errors.exception";
    static final String MESSAGE = "__streams.errors.message";
    static final String STACKTRACE = "__streams.errors.stacktrace";
    static final String TOPIC = "__streams.errors.topic";
    static final String PARTITION = "__streams.errors.partition";
    static final String OFFSET = "__streams.errors.offset";

    /** Under which the handlers, which Streams makes itself, find the counters in their configuration. */
    static final String COUNTERS_CONFIG = "unpark.streams.counters";

    /** The headers come on top of a value that may fill the topic's maximum: they stay small. */
    private static final int MAX_HEADER_CHARS = 4096;

    private DeadLetters() {}

    static String topicFor(String topic) {
        return topic + "-dlq";
    }

    static StreamsCounters counters(Map<String, ?> configs) {
        Object counters = configs.get(COUNTERS_CONFIG);
        return counters instanceof StreamsCounters known ? known : new StreamsCounters();
    }

    static List<ProducerRecord<byte[], byte[]>> of(ErrorHandlerContext source, Exception why) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        if (why instanceof RefusedInputException refused) {
            refused.earlierValues().forEach(value -> records.add(letter(source, value, why)));
        }
        records.add(letter(source, source.sourceRawValue(), why));
        return records;
    }

    private static ProducerRecord<byte[], byte[]> letter(ErrorHandlerContext source, byte[] value, Exception why) {
        Long timestampMs = source.timestamp() < 0 ? null : source.timestamp();
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topicFor(source.topic()), null, timestampMs, source.sourceRawKey(), value);
        if (source.headers() != null) {
            for (Header header : source.headers()) {
                letter.headers().add(header);
            }
        }
        header(letter, EXCEPTION, why.getClass().getName());
        header(letter, MESSAGE, message(why));
        header(letter, STACKTRACE, stackTrace(why));
        header(letter, TOPIC, source.topic());
        header(letter, PARTITION, Integer.toString(source.partition()));
        header(letter, OFFSET, Long.toString(source.offset()));
        return letter;
    }

    /** The messages of the chain: the outermost often only says that something failed. */
    private static String message(Throwable why) {
        StringBuilder all = new StringBuilder();
        for (Throwable t = why; t != null && all.length() < MAX_HEADER_CHARS; t = t.getCause()) {
            String message = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
            if (all.indexOf(message) < 0) {
                all.append(all.isEmpty() ? "" : ": ").append(message);
            }
        }
        return all.toString();
    }

    private static String stackTrace(Exception why) {
        StringWriter text = new StringWriter();
        why.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static void header(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        String bounded = value.length() <= MAX_HEADER_CHARS ? value : value.substring(0, MAX_HEADER_CHARS);
        letter.headers().add(name, bounded.getBytes(StandardCharsets.UTF_8));
    }
}
