package io.unpark.sink;

import io.unpark.sink.consume.SinkPipeline;
import io.unpark.sink.notify.Notifier.InputDone;
import io.unpark.sink.store.StateRule;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Remembers where the topics ended at a moment, and tells when the database is there. For one thread. */
final class CaughtUp implements InputDone {
    private final SinkPipeline pipeline;
    private final Supplier<StateRule> rule;
    private Map<TopicPartition, Long> ends;
    private StateRule then;

    CaughtUp(SinkPipeline pipeline, Supplier<StateRule> rule) {
        this.pipeline = pipeline;
        this.rule = rule;
    }

    @Override
    public Optional<StateRule> settled() {
        try {
            if (ends == null) {
                then = rule.get();
                ends = pipeline.ends();
            }
            if (!pipeline.processed(ends)) {
                return Optional.empty();
            }
            ends = null;
            return Optional.of(then);
        } catch (KafkaException e) {
            // Also when a topic was made anew: its ends are asked for again.
            ends = null;
            return Optional.empty();
        }
    }
}
