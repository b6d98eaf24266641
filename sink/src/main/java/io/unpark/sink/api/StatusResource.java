package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.unpark.sink.RefusedInput;
import io.unpark.sink.consume.BadRecord;
import io.unpark.sink.consume.ConsumerStatus;
import io.unpark.sink.consume.PartitionStatus;
import io.unpark.sink.store.SliceStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** {@code /api/v1/status}: lag, rates, what was refused and why, what is being tried again. */
final class StatusResource {
    private final ConsumerStatus consumer;
    private final SliceStore slices;
    private final Supplier<List<RefusedInput>> refused;
    private final Supplier<Map<String, Object>> more;
    private final Clock clock;

    StatusResource(
            ConsumerStatus consumer,
            SliceStore slices,
            Supplier<List<RefusedInput>> refused,
            Supplier<Map<String, Object>> more,
            Clock clock) {
        this.consumer = consumer;
        this.slices = slices;
        this.refused = refused;
        this.more = more;
        this.clock = clock;
    }

    void get(Context context) {
        ObjectNode body = Answers.JSON.createObjectNode();
        body.put("now", clock.instant().toString());
        body.put("ready", consumer.ready());
        consumer.error().ifPresent(error -> body.put("error", error));
        putLag(body.putArray("lag"));
        putTopics(body.putArray("topics"));
        putBadRecords(body.putArray("bad_records"));
        putRefused(body.putArray("refused"));
        ObjectNode sliceCounts = body.putObject("slices");
        slices.counts().forEach((state, count) -> sliceCounts.put(state.name().toLowerCase(Locale.ROOT), count));
        more.get().forEach((section, value) -> body.set(section, Answers.JSON.valueToTree(value)));
        Answers.json(context, body);
    }

    private void putLag(ArrayNode array) {
        for (PartitionStatus partition : consumer.partitions()) {
            ObjectNode item = array.addObject();
            item.put("topic", partition.topic());
            item.put("partition", partition.partition());
            item.put("next_offset", partition.nextOffset());
            if (partition.lag() >= 0) {
                item.put("lag", partition.lag());
            } else {
                item.putNull("lag");
            }
        }
    }

    private void putTopics(ArrayNode array) {
        Map<String, Double> rates = consumer.rates();
        Map<String, Long> bad = consumer.bad();
        consumer.read()
                .forEach((topic, count) -> array.addObject()
                        .put("topic", topic)
                        .put("records", count)
                        .put("bad", bad.getOrDefault(topic, 0L))
                        .put("per_second", rates.getOrDefault(topic, 0.0)));
    }

    private void putBadRecords(ArrayNode array) {
        for (BadRecord record : consumer.lastBad()) {
            array.addObject()
                    .put("topic", record.topic())
                    .put("partition", record.partition())
                    .put("offset", record.offset())
                    .put("reason", record.reason())
                    .put("at", Instant.ofEpochMilli(record.atMs()).toString());
        }
    }

    private void putRefused(ArrayNode array) {
        for (RefusedInput input : refused.get()) {
            array.addObject()
                    .put("where", input.where())
                    .put("reason", input.reason())
                    .put("count", input.count())
                    .put("last", input.last().toString());
        }
    }
}
