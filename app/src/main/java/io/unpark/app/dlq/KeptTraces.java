package io.unpark.app.dlq;

import io.unpark.ingest.TraceIntake;
import io.unpark.ingest.TraceSource;
import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Traces of a version that the collector did not understand: their parts are joined and taken in as if they were pushed now, by
 * the intake of this version. Those that it does not understand either stay.
 */
final class KeptTraces {
    /** A trace is kept up to 16 MiB, in parts of 4 MiB. */
    private static final int MAX_PARTS = 16;
    /** Traces whose parts are not all read yet; a collector writes the parts of one trace close together. */
    private static final int MAX_OPEN = 4;

    private final TopicLayout layout;
    private final RedriveResult result;
    private final Serializer<TraceChunk> chunks;
    private final LinkedHashMap<String, Parts> open = new LinkedHashMap<>();

    private static final class Parts {
        private final TreeMap<Integer, Letter> byNumber = new TreeMap<>();
        private final List<long[]> ranges = new ArrayList<>();
    }

    KeptTraces(TopicLayout layout, TopicSerdes serdes, RedriveResult result) {
        this.layout = layout;
        this.result = result;
        this.chunks = serdes.value(Topics.TRACE_CHUNKS).serializer();
    }

    /** @param from first offset that is done with this letter; the trace's records once this was its last part */
    Optional<Redrive.Ready> take(Letter letter, long from) {
        int count = number(letter, "unpark.parts");
        int part = number(letter, "unpark.part");
        if (count < 1
                || count > MAX_PARTS
                || part < 0
                || part >= count
                || letter.record().value() == null) {
            result.left(letter, "is no part of a trace as the collector keeps them");
            return Optional.empty();
        }
        String id = letter.partition() + "/" + letter.key() + "/" + letter.text("unpark.id");
        Parts parts = open.computeIfAbsent(id, key -> new Parts());
        parts.byNumber.put(part, letter);
        parts.ranges.add(new long[] {from, letter.offset()});
        if (parts.byNumber.size() < count) {
            forgetBeyond(MAX_OPEN);
            return Optional.empty();
        }
        open.remove(id);
        return records(letter, parts).map(records -> new Redrive.Ready(letter.partition(), parts.ranges, records));
    }

    void forgetIncomplete() {
        forgetBeyond(0);
    }

    private void forgetBeyond(int max) {
        Iterator<Parts> eldest = open.values().iterator();
        for (int excess = open.size() - max; excess > 0; excess--) {
            eldest.next().byNumber.values().forEach(it -> result.left(it, "misses other parts of its trace"));
            eldest.remove();
        }
    }

    private Optional<List<ProducerRecord<byte[], byte[]>>> records(Letter last, Parts parts) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        try {
            TraceSource source = source(last);
            new TraceIntake(
                            source,
                            TraceLimits.defaults(),
                            generation -> generation.forEach(chunk -> records.add(record(chunk, last.redrives() + 1))))
                    .run(joined(parts));
        } catch (TraceFormatException e) {
            if (records.isEmpty()) {
                result.left(last, "is still refused: " + e.getMessage());
                return Optional.empty();
            }
            // As with a push: the complete generations before that are taken.
        } catch (IOException | IllegalArgumentException e) {
            result.left(last, "cannot be taken in: " + e.getMessage());
            return Optional.empty();
        }
        return Optional.of(records);
    }

    private static InputStream joined(Parts parts) {
        return new SequenceInputStream(Collections.enumeration(parts.byNumber.values().stream()
                .map(it -> new ByteArrayInputStream(it.record().value()))
                .toList()));
    }

    /** Whose it is, as the first push said; an instance that was made up of the content is made up again. */
    private static TraceSource source(Letter letter) {
        InstanceKey key = InstanceKey.decode(letter.key());
        boolean madeUp = key.instance().equals("capture-" + letter.text("unpark.id"));
        String capture = letter.text("unpark.capture");
        String sequence = letter.text("unpark.sequence");
        long capturedUnixNs = TimeUnit.MILLISECONDS.toNanos(letter.record().timestamp());
        return new TraceSource(
                key.namespace(),
                key.service(),
                madeUp ? Optional.empty() : Optional.of(key.instance()),
                letter.text("unpark.version"),
                capture.isEmpty() ? Optional.empty() : Optional.of(capture),
                sequence.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(sequence)),
                () -> capturedUnixNs,
                -1);
    }

    private ProducerRecord<byte[], byte[]> record(TraceChunk chunk, int redrives) {
        String topic = layout.name(Topics.TRACE_CHUNKS);
        byte[] key = InstanceKey.of(chunk.getInstance()).encode().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(
                topic,
                null,
                null,
                key,
                chunks.serialize(topic, chunk),
                List.of(RedriveTransactions.redrives(redrives)));
    }

    private static int number(Letter letter, String header) {
        try {
            return Integer.parseInt(letter.text(header));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
