package io.unpark.app.dlq;

import io.unpark.app.console.UserError;
import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.registry.TopicSerdes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Puts letters back where they were refused, each once: what is sent and how far it came are one transaction. A letter that was
 * redriven too often stays, so that what is refused for ever does not go round for ever. Used once, by one thread.
 */
public final class Redrive {
    /** Values of one transaction: its time-out is a minute. */
    private static final long MAX_BATCH_BYTES = 16L << 20;

    private static final int MAX_BATCH_LETTERS = 1_000;

    /**
     * How to go about it.
     *
     * @param dryRun look, and send nothing
     * @param maxRedrives a letter that was redriven so often stays
     */
    public record Options(Selection selection, boolean dryRun, int maxRedrives) {}

    private final LetterBox box;
    private final TopicLayout layout;
    private final Options options;
    private final RedriveResult result = new RedriveResult();
    private final Optional<KeptTraces> traces;
    private final Map<TopicPartition, RedriveProgress> progress = new HashMap<>();
    private final List<Ready> batch = new ArrayList<>();
    private RedriveTransactions transactions;
    private long batchBytes;

    /** A letter, or the parts of a trace, that can go: what to send, and the offsets that are done with it. */
    record Ready(TopicPartition partition, List<long[]> ranges, List<ProducerRecord<byte[], byte[]>> records) {}

    /** @param serdes for traces that the collector kept, which travel on as chunks; empty leaves them where they are */
    public Redrive(LetterBox box, Optional<TopicSerdes> serdes, Options options) {
        this.box = box;
        this.layout = box.layout();
        this.options = options;
        this.traces = serdes.map(it -> new KeptTraces(layout, it, result));
    }

    /**
     * Does it.
     *
     * @throws UserError when the cluster refuses, or another redrive took over
     */
    public RedriveResult run(List<Topic<byte[], byte[]>> topics) {
        try (RedriveTransactions opened = new RedriveTransactions(box.kafka(), layout, options.dryRun())) {
            transactions = opened;
            for (Topic<byte[], byte[]> topic : topics) {
                box.read(List.of(topic), options.selection(), new LetterBox.Reading() {
                    @Override
                    public long from(TopicPartition partition, long begin) {
                        RedriveProgress known = transactions.progress(partition, begin);
                        progress.put(partition, known);
                        return known.next();
                    }

                    @Override
                    public void letter(Letter letter, long before) {
                        take(topic, letter, before);
                    }
                });
                commit();
                traces.ifPresent(KeptTraces::forgetIncomplete);
            }
            return result;
        } catch (KafkaException e) {
            throw box.trouble(e);
        }
    }

    private void take(Topic<?, ?> topic, Letter letter, long before) {
        if (!options.selection().has(letter) || progress.get(letter.partition()).isDone(letter.offset())) {
            return;
        }
        if (letter.redrives() >= options.maxRedrives()) {
            result.left(letter, "was redriven " + letter.redrives() + " times already (--max-redrives)");
            return;
        }
        if (letter.isKeptTrace()) {
            if (traces.isEmpty()) {
                result.left(letter, "is a trace that the collector kept: give --registry, since it goes on as Avro");
            } else {
                traces.get().take(letter, before + 1).ifPresent(this::add);
            }
            return;
        }
        Optional<String> origin = Topics.originOf(topic).map(layout::name);
        if (origin.isEmpty() || !letter.origin().equals(origin.get())) {
            result.left(letter, "says that it is from '" + letter.origin() + "', which this topic is not for");
            return;
        }
        add(new Ready(
                letter.partition(),
                List.of(new long[] {before + 1, letter.offset()}),
                List.of(back(letter, origin.get()))));
    }

    /** As it came, with one redrive more; accepted now, since a timestamp of old would be deleted by retention at once. */
    private static ProducerRecord<byte[], byte[]> back(Letter letter, String origin) {
        List<Header> headers = new ArrayList<>(letter.originalHeaders());
        headers.add(RedriveTransactions.redrives(letter.redrives() + 1));
        return new ProducerRecord<>(
                origin, null, null, letter.record().key(), letter.record().value(), headers);
    }

    private void add(Ready ready) {
        batch.add(ready);
        batchBytes += ready.records().stream()
                .mapToLong(it -> it.value() == null ? 0 : it.value().length)
                .sum();
        if (batch.size() >= MAX_BATCH_LETTERS || batchBytes >= MAX_BATCH_BYTES) {
            commit();
        }
    }

    private void commit() {
        if (batch.isEmpty()) {
            return;
        }
        Map<TopicPartition, RedriveProgress> moved = new HashMap<>();
        for (Ready ready : batch) {
            RedriveProgress at = progress.get(ready.partition());
            ready.ranges().forEach(range -> at.mark(range[0], range[1]));
            moved.put(ready.partition(), at);
        }
        moved.forEach((partition, at) -> {
            if (!at.fits()) {
                throw UserError.environment(
                        "too many single letters of " + partition + " were redriven to remember each;"
                                + " redrive all below offset " + at.next() + " or without --reason first");
            }
        });
        if (!options.dryRun()) {
            transactions.send(
                    batch.stream().flatMap(it -> it.records().stream()).toList(), moved);
        }
        batch.forEach(result::sent);
        batch.clear();
        batchBytes = 0;
    }
}
