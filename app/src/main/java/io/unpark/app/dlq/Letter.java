package io.unpark.app.dlq;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * A record of a dead-letter topic: what was refused as it came, and why. The headers are those of Kafka Streams' dead-letter queue
 * (KIP-1034) and ours, {@code unpark.*}; each may be missing or said twice, then the last counts.
 */
public record Letter(ConsumerRecord<byte[], byte[]> record) {
    /** How often the record was redriven, on the letter and on what is sent back. */
    public static final String REDRIVES = "unpark.redrives";

    private static final String ERRORS = "__streams.errors.";
    private static final String REASON = "unpark.reason";
    private static final String NO_REASON = "unknown";
    private static final String TRACE = "trace";

    public TopicPartition partition() {
        return new TopicPartition(record.topic(), record.partition());
    }

    public long offset() {
        return record.offset();
    }

    /** Why in a word. */
    public String reason() {
        String reason = text(REASON);
        return reason.isEmpty() ? NO_REASON : reason;
    }

    /** Why in a sentence; "" when nobody said. */
    public String message() {
        return text(ERRORS + "message");
    }

    /** The topic it was refused from, by its name on the cluster; "" when nobody said. */
    public String origin() {
        return text(ERRORS + "topic");
    }

    /** Where it lay there, as {@code partition@offset}; "" for what never did. */
    public String originPlace() {
        String partition = text(ERRORS + "partition");
        return partition.isEmpty() || partition.startsWith("-") ? "" : partition + "@" + text(ERRORS + "offset");
    }

    /** How often it was redriven before; a header that makes no sense counts as too often. */
    public int redrives() {
        String text = text(REDRIVES);
        try {
            return text.isEmpty() ? 0 : Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return Integer.MAX_VALUE;
        }
    }

    /** Whether the value is a part of a trace as it was pushed, which the collector could not read but kept. */
    public boolean isKeptTrace() {
        return text("unpark.content").equals(TRACE);
    }

    /** The last header of this name as text, "" when there is none. */
    public String text(String header) {
        Header last = record.headers().lastHeader(header);
        return last == null || last.value() == null ? "" : new String(last.value(), StandardCharsets.UTF_8);
    }

    /** The headers that the record had before it was refused. */
    List<Header> originalHeaders() {
        List<Header> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            boolean ofLetter = header.key().startsWith(ERRORS)
                    || header.key().equals(REASON)
                    || header.key().equals(REDRIVES);
            if (!ofLetter) {
                headers.add(header);
            }
        }
        return headers;
    }

    /** Size of the value, 0 for a tombstone. */
    public int valueBytes() {
        return record.value() == null ? 0 : record.value().length;
    }

    /** The key as text, "" when there is none. */
    public String key() {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    public String place() {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
