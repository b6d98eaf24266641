package io.unpark.streams;

import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.registry.UnknownSchemaException;
import io.unpark.trace.TraceFormatException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /**
     * Ours: why in a word. {@code UNDECODABLE} is no Avro of this topic, {@code UNKNOWN_SCHEMA} an id that the registry does not know; a
     * trace is refused with the name of a {@link TraceFormatException.Reason}, or as {@link ChunkLetters} says; a report whose detector
     * failed is {@code DETECTOR}, anything else is {@code REFUSED}.
     */
    static final String REASON = "unpark.reason";

    /** Under which the handlers, which Streams makes itself, find this object in their configuration. */
    static final String CONFIG = "unpark.streams.dead.letters";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    /** The headers come on top of a value that may fill the topic's maximum: they stay small. */
    private static final int MAX_HEADER_CHARS = 4096;

    /** So many refused records are logged each, and after them one in so many. */
    private static final int LOGGED_EACH = 100;

    private final TopicLayout layout;
    private final StreamsCounters counters;

    DeadLetters(TopicLayout layout, StreamsCounters counters) {
        this.layout = layout;
        this.counters = counters;
    }

    static DeadLetters from(Map<String, ?> configs) {
        if (configs.get(CONFIG) instanceof DeadLetters known) {
            return known;
        }
        throw new ConfigException(CONFIG + " is set by the application itself");
    }

    /** What to send for a refused record; nothing for a topic without a dead-letter topic, where only the log tells. */
    List<ProducerRecord<byte[], byte[]>> of(ErrorHandlerContext source, Exception why) {
        counters.deadLetters.increment();
        counters.refused(source.topic(), reason(why));
        log(source, why);
        Optional<String> topic =
                layout.topicOf(source.topic()).flatMap(Topics::deadLettersOf).map(layout::name);
        List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
        if (topic.isPresent()) {
            if (why instanceof RefusedInputException refused) {
                refused.earlierValues().forEach(value -> letters.add(letter(topic.get(), source, value, why)));
            }
            letters.add(letter(topic.get(), source, source.sourceRawValue(), why));
        }
        return letters;
    }

    private static ProducerRecord<byte[], byte[]> letter(
            String topic, ErrorHandlerContext source, byte[] value, Exception why) {
        Long timestampMs = source.timestamp() < 0 ? null : source.timestamp();
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topic, null, timestampMs, source.sourceRawKey(), value);
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
        header(letter, REASON, reason(why));
        return letter;
    }

    /** A flood of poison must not fill the disk with its log: the status counts on. */
    private void log(ErrorHandlerContext source, Exception why) {
        long count = counters.deadLetters.sum();
        if (count <= LOGGED_EACH || count % LOGGED_EACH == 0) {
            LOG.warn("Refused {}-{}@{}: {}", source.topic(), source.partition(), source.offset(), message(why));
        }
        if (count == LOGGED_EACH) {
            LOG.warn("From now on every {}th refused record is logged", LOGGED_EACH);
        }
    }

    private static String reason(Throwable why) {
        if (why instanceof RefusedInputException refused) {
            return refused.reason();
        }
        return why instanceof UnknownSchemaException ? "UNKNOWN_SCHEMA" : "UNDECODABLE";
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
