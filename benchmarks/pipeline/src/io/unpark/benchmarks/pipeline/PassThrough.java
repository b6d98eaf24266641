package io.unpark.benchmarks.pipeline;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * The least that Kafka Streams can do with the same records under exactly once: copy them to another topic. Kafka's own defaults,
 * save for one thread and the size of records.
 */
final class PassThrough implements Stage {
    private static final int MAX_REQUEST_BYTES = 6 << 20;

    private final KafkaStreams streams;
    private final Admin admin;
    private final String name;
    private final String from;
    private final AtomicLong records = new AtomicLong();

    /** @param compression of what it writes; the input is what the collector writes, zstd */
    PassThrough(BrokerProcess broker, Path state, String from, String to, String compression) {
        this.name = "copy-" + to;
        this.from = from;
        this.admin = Admin.create(broker.clientConfig());
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(from, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .peek((key, value) -> records.incrementAndGet())
                .to(to, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
        Properties settings = new Properties();
        settings.putAll(broker.clientConfig());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_REQUEST_BYTES);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), compression);
        this.streams = new KafkaStreams(builder.build(), settings);
    }

    @Override
    public void start() {
        streams.start();
    }

    @Override
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    @Override
    public boolean isDone() {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(name)
                    .partitionsToOffsetAndMetadata()
                    .get();
            for (var partition : admin.describeTopics(java.util.List.of(from)).allTopicNames().get().get(from).partitions()) {
                TopicPartition at = new TopicPartition(from, partition.partition());
                long end = admin.listOffsets(Map.of(at, OffsetSpec.latest())).partitionResult(at).get().offset();
                OffsetAndMetadata is = committed.get(at);
                if (end > 0 && (is == null || is.offset() < end)) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String summary() {
        return records.get() + " records";
    }

    // Kafka's default under exactly once.
    @Override
    public Duration commitInterval() {
        return Duration.ofMillis(100);
    }

    @Override
    public void close() {
        streams.close();
        admin.close();
    }
}
