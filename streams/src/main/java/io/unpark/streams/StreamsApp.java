package io.unpark.streams;

import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.fault.DetectorFault;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.schemas.Topic;
import io.unpark.schemas.registry.TopicSerdes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three topologies as one running application, exactly once. The topics must exist before {@link #start}. Methods may be
 * called by any thread; those that ask the cluster throw Kafka's {@code KafkaException} when it does not answer.
 */
public final class StreamsApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsApp.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
    private static final long ASK_AGAIN_MS = 50;
    private static final int ASK_TO_RELEASE_EVERY = 40;
    private static final int PROBE_FETCH_BYTES = 1 << 20;

    private final StreamsOptions options;
    private final StreamsCounters counters = new StreamsCounters();
    private final DetectorFaults faults;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final KafkaStreams streams;
    private GroupProgress progress;

    /** Connects to nothing yet. */
    public StreamsApp(StreamsOptions options, TopicSerdes serdes) {
        this.options = options;
        Wiring wiring = new Wiring(options.layout(), serdes);
        AnalysisSettings analysis =
                AnalysisSettings.of(options.analysis(), DetectorSet.STANDARD, options.decodesAhead());
        this.faults = analysis.faults();
        Topology topology = topology(wiring, options.limits(), analysis, counters);
        Properties settings = StreamsSettings.of(options, new DeadLetters(options.layout(), counters));
        this.streams = new KafkaStreams(topology, settings);
        streams.setUncaughtExceptionHandler(this::onFailure);
    }

    /** All stages in one application; the topics between them are the public ones. */
    static Topology topology(Wiring wiring, StreamsLimits limits, AnalysisSettings analysis, StreamsCounters counters) {
        Topology topology = new Topology();
        InstanceTopology.addTo(topology, wiring, limits, analysis, counters);
        RequestTopology.addTo(topology, wiring, limits, analysis, counters);
        IncidentTopology.addTo(topology, wiring, limits, counters);
        return topology;
    }

    /** Starts the threads and returns; {@link #status} tells when they run. */
    public void start() {
        streams.start();
    }

    private StreamThreadExceptionResponse onFailure(Throwable e) {
        if (Failures.isRetriable(e)) {
            counters.replacedThreads.increment();
            LOG.warn("A thread of the topologies failed and is replaced: {}", e.toString());
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        if (failure.compareAndSet(null, e)) { // once, though every thread may meet it
            LOG.error("The topologies stop, since this would fail again: {}", Failures.explain(e));
            LOG.debug("Where it failed", e);
        }
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** Whether it runs, is about to, or stopped; and what was done. */
    public StreamsStatus status() {
        return new StreamsStatus(
                streams.state().name(),
                Optional.ofNullable(failure.get()).map(Failures::explain),
                counters.generations.sum(),
                counters.duplicateGenerations.sum(),
                counters.incompleteGenerations.sum(),
                counters.raceReports.sum(),
                counters.segments.sum(),
                counters.findings.sum(),
                counters.anomalies.sum(),
                counters.deadLetters.sum(),
                counters.evictedInstances.sum(),
                counters.evictedRequests.sum(),
                counters.evictedAnomalies.sum(),
                counters.discardedStates.sum(),
                counters.replacedThreads.sum(),
                counters.findingsLetGo.sum(),
                counters.segmentsIgnored.sum());
    }

    /** Profiles taken in since the start, those that came before included. */
    public long profiles() {
        return counters.profiles.sum();
    }

    /** Detectors that threw, by name. */
    public List<DetectorFault> detectorFaults() {
        return faults.list();
    }

    /** What was left out of the analysis of instances that have more of it than is held, by what it was. */
    public Map<String, Long> limited() {
        return faults.limited();
    }

    /** Refused records by {@code topic: reason}, since the start. */
    public Map<String, Long> refused() {
        return counters.refused();
    }

    /** What did not come in its order, since the start. */
    public OrderStatus orderStatus() {
        return new OrderStatus(
                counters.missingGenerations.sum(),
                counters.lateChunks.sum(),
                counters.incompleteGenerations.sum(),
                counters.evictedWaits.sum(),
                counters.closedCaptures.sum());
    }

    /** Bytes of the stores of this process by their names, on disk and in memory tables. */
    public Map<String, Long> storeBytes() {
        return StoreSizes.of(streams.metrics());
    }

    /** Whether records are being processed. */
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Whether it stopped because of a failure and will not come back by itself. */
    public boolean hasFailed() {
        return streams.state() == KafkaStreams.State.PENDING_ERROR || streams.state() == KafkaStreams.State.ERROR;
    }

    /** Records that wait, by the name of the topic on the cluster; transactions' markers may count a few too many. */
    public synchronized Map<String, Long> lags() {
        Map<String, Long> lags = new HashMap<>();
        for (List<Topic<?, ?>> stage : Stages.IN_ORDER) {
            names(stage).forEach(name -> lags.put(name, progress().lag(List.of(name))));
        }
        return lags;
    }

    /** The ends of the inputs as they are now, for {@link #awaitProcessed}. */
    public synchronized Map<TopicPartition, Long> inputEnds() {
        return progress().written(names(Stages.INPUTS));
    }

    /** The ends of what the topologies write for others, for whoever must have read all of it. */
    public synchronized Map<TopicPartition, Long> outputEnds() {
        return progress().written(names(Stages.OUTPUTS));
    }

    /**
     * Whether everything that follows from the inputs below these offsets is visible on the output topics. The stages are asked
     * in their order: a stage whose inputs are all committed writes nothing more, so the ends of the next one are final. With
     * other input flowing it may never be true at one moment; {@link #awaitProcessed} then still ends.
     *
     * @param inputs offsets after the last record of each partition; partitions of the inputs that are left out do not count
     */
    public synchronized boolean endReached(Map<TopicPartition, Long> inputs) {
        boolean reached = progress().reached(inputs) && !counters.holds.isBusy();
        for (List<Topic<?, ?>> stage : Stages.IN_ORDER.subList(1, Stages.IN_ORDER.size())) {
            reached = reached && progress().reached(progress().written(names(stage)));
        }
        return reached;
    }

    /**
     * Waits until {@link #endReached}, stage by stage. The input is over then: what waits for chunks that did not come goes on
     * without them, in this process; in others, after {@link StreamsLimits#reorderWait}.
     *
     * @return false when the time is over
     * @throws IllegalStateException when the topologies failed
     */
    public boolean awaitProcessed(Map<TopicPartition, Long> inputs, Duration timeout) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        if (!awaitReached(inputs, deadlineNs) || !awaitNothingHeld(deadlineNs)) {
            return false;
        }
        for (List<Topic<?, ?>> stage : Stages.IN_ORDER.subList(1, Stages.IN_ORDER.size())) {
            Map<TopicPartition, Long> targets;
            synchronized (this) {
                targets = progress().written(names(stage));
            }
            if (!awaitReached(targets, deadlineNs)) {
                return false;
            }
        }
        return true;
    }

    /** Tells the tasks of this process that no more input comes, and waits until what they held is committed. */
    private boolean awaitNothingHeld(long deadlineNs) throws InterruptedException {
        boolean started = streams.state() != KafkaStreams.State.CREATED;
        int asked = 0;
        while (started && (!isRunning() || counters.holds.isBusy())) {
            if (hasFailed()) {
                throw new IllegalStateException("the topologies failed", failure.get());
            }
            if (isRunning() && asked++ % ASK_TO_RELEASE_EVERY == 0) { // again, as tasks may have moved
                counters.holds.ask();
            }
            if (System.nanoTime() - deadlineNs > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MS);
        }
        return true;
    }

    private boolean awaitReached(Map<TopicPartition, Long> targets, long deadlineNs) throws InterruptedException {
        while (true) {
            if (hasFailed()) {
                throw new IllegalStateException("the topologies failed", failure.get());
            }
            synchronized (this) {
                if (progress().reached(targets)) {
                    return true;
                }
            }
            if (System.nanoTime() - deadlineNs > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MS);
        }
    }

    private List<String> names(Collection<Topic<?, ?>> topics) {
        return topics.stream().map(options.layout()::name).toList();
    }

    /** Clients of their own, made when first asked. */
    private GroupProgress progress() {
        if (progress == null) {
            StreamsConfig config =
                    new StreamsConfig(StreamsSettings.of(options, new DeadLetters(options.layout(), counters)));
            Map<String, Object> probe =
                    new HashMap<>(config.getRestoreConsumerConfigs(options.applicationId() + "-probe"));
            probe.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            probe.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, PROBE_FETCH_BYTES);
            probe.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PROBE_FETCH_BYTES);
            progress = new GroupProgress(
                    Admin.create(config.getAdminConfigs(options.applicationId() + "-progress")),
                    new KafkaConsumer<>(probe, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                    options.applicationId());
        }
        return progress;
    }

    /**
     * Commits and stops, and leaves the group, so that a restart need not wait for the old member's session to end.
     *
     * @return whether all threads ended in time
     */
    public boolean close(Duration timeout) {
        boolean ended = streams.close(CloseOptions.timeout(timeout)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        synchronized (this) {
            if (progress != null) {
                progress.close();
                progress = null;
            }
        }
        return ended;
    }

    @Override
    public void close() {
        if (!close(CLOSE_TIMEOUT)) {
            LOG.warn("The topologies did not end within {} s", CLOSE_TIMEOUT.toSeconds());
        }
    }
}
