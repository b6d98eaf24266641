package io.unpark.benchmarks.pipeline;

import io.unpark.schemas.TopicLayout;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import io.unpark.streams.StreamsStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** All topologies as they run in {@code unpark stream}, with one thread. */
final class WholePipeline implements Stage {
    /** System properties that begin so are settings of Kafka Streams, to try what they do. */
    private static final String SETTING = "streams.";

    private final StreamsApp app;
    private final Map<TopicPartition, Long> inputs;

    WholePipeline(BrokerProcess broker, Path state, TopicLayout layout) {
        StreamsOptions options =
                StreamsOptions.of(settings(broker), state).withLayout(layout).withThreads(1);
        app = new StreamsApp(options, broker.serdes());
        inputs = app.inputEnds();
    }

    private static Map<String, Object> settings(BrokerProcess broker) {
        Map<String, Object> settings = new HashMap<>(broker.clientConfig());
        System.getProperties().forEach((name, value) -> {
            if (name.toString().startsWith(SETTING)) {
                settings.put(name.toString().substring(SETTING.length()), value);
            }
        });
        return settings;
    }

    @Override
    public void start() {
        app.start();
    }

    @Override
    public boolean isRunning() {
        return app.isRunning();
    }

    @Override
    public boolean isDone() {
        if (app.hasFailed()) {
            throw new IllegalStateException("the topologies failed: " + app.status().failure());
        }
        return app.endReached(inputs);
    }

    @Override
    public String summary() {
        StreamsStatus it = app.status();
        return it.generations() + " generations, " + it.segments() + " segments, " + it.findings() + " findings, "
                + it.anomalies() + " anomalies, " + it.deadLetters() + " refused";
    }

    @Override
    public Duration commitInterval() {
        return StreamsOptions.DEFAULT_COMMIT_INTERVAL;
    }

    @Override
    public void close() {
        app.close();
    }
}
