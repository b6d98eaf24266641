package io.unpark.ingest;

import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.Topics;
import io.unpark.trace.TraceFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Keeps traces of versions that are not understood yet, within a quota, so that they can be taken in again after an upgrade. A record is
 * one part of the decompressed input, header included, under the key of its instance. Headers: those that Kafka Streams puts on its dead
 * letters, and {@code unpark.*} with what a second push needs.
 */
final class DeadLetters {
    private static final int PART_BYTES = Topics.MAX_CHUNK_PAYLOAD_BYTES;

    private final ChunkProducer producer;
    private final IngestLimits limits;
    private final IngestCounters counters;

    DeadLetters(ChunkProducer producer, IngestLimits limits, IngestCounters counters) {
        this.producer = producer;
        this.limits = limits;
        this.counters = counters;
    }

    /**
     * Keeps the input if it is small enough and the quota is not used up.
     *
     * @param input the whole decompressed input, from its first byte
     * @return what became of it, as a sentence for the answer
     */
    String keep(TraceSource source, InputStream input, TraceFormatException why) throws IOException {
        byte[] bytes = input.readNBytes(limits.maxDeadLetterBytes() + 1);
        if (bytes.length > limits.maxDeadLetterBytes()) {
            return "Its bytes were not kept: more than " + limits.maxDeadLetterBytes() + ".";
        }
        if (!counters.takeDeadLetterBytes(bytes.length, limits.deadLetterQuotaBytes())) {
            return "Its bytes were not kept: the quota of " + limits.deadLetterQuotaBytes() + " bytes is used up.";
        }
        boolean kept = false;
        try {
            send(source, bytes, why);
            kept = true;
        } finally {
            if (!kept) {
                counters.deadLetterNotKept(bytes.length);
            }
        }
        counters.deadLetterKept();
        return "Its bytes were kept: after an upgrade, unpark dlq redrive takes them in.";
    }

    private void send(TraceSource source, byte[] bytes, TraceFormatException why) throws BrokerException {
        MessageDigest digest = ContentHash.start();
        digest.update(bytes);
        String id = source.capture().orElse(ContentHash.id(digest));
        String instance = source.instance().orElse("capture-" + id);
        byte[] key = new InstanceKey(source.namespace(), source.service(), instance)
                .encode()
                .getBytes(StandardCharsets.UTF_8);
        int count = Math.max(1, (bytes.length + PART_BYTES - 1) / PART_BYTES);
        List<byte[]> parts = new ArrayList<>(count);
        List<List<Header>> headers = new ArrayList<>(count);
        for (int part = 0; part < count; part++) {
            int from = part * PART_BYTES;
            parts.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PART_BYTES)));
            headers.add(headers(source, id, part, count, why));
        }
        producer.keepDeadLetters(key, parts, headers);
    }

    private List<Header> headers(TraceSource source, String id, int part, int parts, TraceFormatException why) {
        return List.of(
                header("__streams.errors.exception", why.getClass().getName()),
                header("__streams.errors.message", why.getMessage()),
                header("__streams.errors.topic", producer.chunkTopic()),
                header("__streams.errors.partition", "-1"),
                header("__streams.errors.offset", "-1"),
                header("unpark.reason", why.reason().name()),
                header("unpark.content", "trace"),
                header("unpark.id", id),
                header("unpark.capture", source.capture().orElse("")),
                header("unpark.version", source.version()),
                header(
                        "unpark.sequence",
                        source.firstSequence().isPresent()
                                ? Long.toString(source.firstSequence().getAsLong())
                                : ""),
                header("unpark.part", String.valueOf(part)),
                header("unpark.parts", String.valueOf(parts)));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
