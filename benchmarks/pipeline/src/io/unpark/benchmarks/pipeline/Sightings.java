package io.unpark.benchmarks.pipeline;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** When a kind was first told of a service on each of the topics between chunks and the sink, by a reader of what is committed. */
final class Sightings implements AutoCloseable {
    private final Map<String, Map<String, Long>> byTopic = new HashMap<>();
    private final Thread thread;
    private volatile boolean open = true;

    private Sightings(Map<String, Object> cluster, List<String> topics, List<String> kinds, String mark) {
        topics.forEach(topic -> byTopic.put(topic, new ConcurrentHashMap<>()));
        Map<String, Object> settings = new HashMap<>(cluster);
        settings.put("group.id", "unpark-benchmark-" + System.nanoTime());
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        thread = new Thread(() -> read(settings, topics, kinds, mark), "sightings");
        thread.setDaemon(true);
    }

    /** @param mark what names of services end with that are looked for; digits precede it */
    static Sightings start(Map<String, Object> cluster, List<String> topics, List<String> kinds, String mark) {
        Sightings sightings = new Sightings(cluster, topics, kinds, mark);
        sightings.thread.start();
        return sightings;
    }

    private void read(Map<String, Object> settings, List<String> topics, List<String> kinds, String mark) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(topics);
            while (open) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    note(record, kinds, mark);
                }
            }
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> record, List<String> kinds, String mark) {
        long nowNs = System.nanoTime();
        if (record.value() == null) {
            return;
        }
        String text = new String(record.value(), StandardCharsets.ISO_8859_1);
        for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
            int from = at;
            while (from > 0 && (Character.isLetterOrDigit(text.charAt(from - 1)) || text.charAt(from - 1) == '-')) {
                from--;
            }
            String service = text.substring(from, at + mark.length());
            kinds.stream()
                    .filter(text::contains)
                    .forEach(kind -> byTopic.get(record.topic()).putIfAbsent(kind + "/" + service, nowNs));
        }
    }

    OptionalLong firstNs(String topic, String kind, String service) {
        Long ns = byTopic.get(topic).get(kind + "/" + service);
        return ns == null ? OptionalLong.empty() : OptionalLong.of(ns);
    }

    @Override
    public void close() {
        open = false; // and the thread ends with its next look
    }
}
