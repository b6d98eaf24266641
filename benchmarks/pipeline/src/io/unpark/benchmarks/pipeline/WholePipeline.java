package io.unpark.benchmarks.pipeline;

import io.unpark.schemas.TopicLayout;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import io.unpark.streams.StreamsStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** All topologies as they run in {@code unpark stream}, with one thread. */
final class WholePipeline implements Stage {
    private final StreamsApp app;
    private final Map<TopicPartition, Long> inputs;

    WholePipeline(BrokerProcess broker, Path state, TopicLayout layout) {
        StreamsOptions options =
                StreamsOptions.of(broker.clientConfig(), state).withLayout(layout).withThreads(1);
        app = new StreamsApp(options, broker.serdes());
        inputs = app.inputEnds();
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
