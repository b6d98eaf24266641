package io.unpark.ingest;

import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.TopicSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;

/** The way in of a collector without its HTTP side, on a real broker, and what came out at the topics. */
final class FeedBench implements AutoCloseable {
    private final Broker broker;
    private final TopicSerdes serdes = Collector.serdes();
    private final ChunkProducer producer;
    final Intake intake;

    private FeedBench(Broker broker) {
        this.broker = broker;
        // An absent broker shall be noticed within a test's patience.
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                broker.bootstrap(),
                "max.block.ms",
                1_000,
                "request.timeout.ms",
                1_000,
                "delivery.timeout.ms",
                2_000);
        producer = new ChunkProducer(config, TopicLayout.DEFAULT, serdes);
        intake = new IngestRoutes(producer, IngestLimits.DEFAULT, () -> System.currentTimeMillis() * 1_000_000L)
                .intake();
    }

    static FeedBench start(Path folder) throws IOException {
        return new FeedBench(new Broker(Files.createDirectories(folder)));
    }

    List<TraceChunk> chunks(String service, String instance) {
        return all(Topics.TRACE_CHUNKS, service, instance);
    }

    List<RaceReport> reports(String service, String instance) {
        return all(Topics.RACE_REPORTS, service, instance);
    }

    List<ProfileSnapshot> profiles(String service, String instance) {
        return all(Topics.PROFILE_SNAPSHOTS, service, instance);
    }

    private <V> List<V> all(Topic<?, V> topic, String service, String instance) {
        String name = TopicLayout.DEFAULT.name(topic);
        try (Deserializer<V> deserializer = serdes.value(topic).deserializer()) {
            return broker.records(name, new InstanceKey("", service, instance).encode()).stream()
                    .map(record -> deserializer.deserialize(name, record.value()))
                    .toList();
        }
    }

    @Override
    public void close() {
        producer.close();
        broker.close();
    }
}
