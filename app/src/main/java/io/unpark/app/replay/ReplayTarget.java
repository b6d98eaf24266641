package io.unpark.app.replay;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.console.UserError;
import io.unpark.app.process.Closing;
import io.unpark.ingest.ChunkProducer;
import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsLimits;
import io.unpark.streams.StreamsOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pipeline once, with topics, a group and stores of its own, all under one prefix. */
final class ReplayTarget implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayTarget.class);
    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);
    private static final int SHOWN_PROBLEMS = 10;
    private static final String WHY = "__streams.errors.message";

    /**
     * A replay at full speed compresses days into minutes, and at a tenth of it stretches them: how long a request's parts are
     * waited for by the wall clock is a matter of room only, which the limit of their number bounds.
     */
    private static final Duration REQUEST_RETENTION = Duration.ofDays(1);

    private final Closing closing = new Closing();
    private final ReplayPlace place;
    private final TopicLayout layout;
    private final boolean keep;
    private Admin admin;
    private StreamsApp app;
    private ChunkProducer producer;
    private String group;

    private ReplayTarget(ReplayPlace place, TopicLayout layout, boolean keep) {
        this.place = place;
        this.layout = layout;
        this.keep = keep;
    }

    /**
     * Creates its topics and starts it.
     *
     * @param prefix of all its names
     * @param keep leave its topics when closed
     * @throws UserError when the prefix is taken
     * @throws KafkaException when the cluster refuses or does not answer
     */
    static ReplayTarget start(
            ReplayPlace place, String prefix, AnalysisConfig analysis, int threads, Path state, boolean keep) {
        TopicLayout layout = TopicLayout.DEFAULT.withPrefix(prefix);
        layout = place.partitions().isPresent()
                ? layout.withPartitions(place.partitions().getAsInt())
                : layout;
        ReplayTarget target = new ReplayTarget(place, layout, keep);
        try {
            target.admin = target.closing.add("admin client", Admin.create(place.kafka()));
            StreamsOptions options = target.options(analysis, threads, state);
            target.group = options.applicationId();
            target.requireFree();
            // From here on there is something to take away again.
            target.closing.add("topics of the replay", target::clean);
            new TopicAdmin(target.admin, layout, ADMIN_TIMEOUT).create();
            target.run(options);
            return target;
        } catch (RuntimeException | Error e) {
            target.close();
            throw e;
        }
    }

    private void requireFree() {
        Set<String> taken = ownNames();
        if (!taken.isEmpty()) {
            throw UserError.environment("the cluster has topics of a replay of that name, such as "
                    + taken.iterator().next() + "; take another --name, or delete them");
        }
    }

    /** What is on the cluster of this replay's: the topics of the table, and the internal ones of its group. */
    private Set<String> ownNames() {
        Set<String> own = new TreeSet<>();
        Topics.all().forEach(topic -> own.add(layout.name(topic)));
        Set<String> all = get(admin.listTopics().names());
        own.retainAll(all);
        all.stream().filter(name -> name.startsWith(group + "-")).forEach(own::add);
        return own;
    }

    private StreamsOptions options(AnalysisConfig analysis, int threads, Path state) {
        Map<String, Object> settings = new HashMap<>(place.kafka());
        settings.remove("application.id"); // production's, if it is there
        if (place.embedded()) {
            // As in the all-in-one mode: less to retry, and to log, on a busy machine.
            settings.put("producer." + ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        }
        StreamsLimits it = StreamsLimits.DEFAULTS;
        StreamsLimits limits = new StreamsLimits(
                it.maxCorrelators(),
                it.instanceRetention(),
                REQUEST_RETENTION,
                it.maxRequests(),
                it.anomalyRetention(),
                it.evictEvery(),
                it.maxEvictionsPerRun(),
                REQUEST_RETENTION, // the end of the input ends the waits, not the clock
                it.maxHeldBytes());
        return StreamsOptions.of(settings, state)
                .withLayout(layout)
                .withAnalysis(analysis)
                .withLimits(limits)
                .withThreads(threads);
    }

    private void run(StreamsOptions options) {
        app = closing.add("topologies", new StreamsApp(options, place.own()));
        producer = closing.add("producer", new ChunkProducer(place.kafka(), layout, place.own()));
        app.start();
    }

    ChunkProducer producer() {
        return producer;
    }

    StreamsApp app() {
        return app;
    }

    /** What stands, by id. */
    Map<String, AnomalyDocument> anomalies() {
        return AnomalyDocument.readTopic(place.kafka(), layout.name(Topics.ANOMALIES), place.own());
    }

    /** Why the first of the records that were refused were; how many there were is in the last line. */
    List<String> refusals() {
        List<String> reasons = new ArrayList<>();
        int[] refused = {0};
        for (Topic<?, ?> letters :
                List.of(Topics.TRACE_CHUNKS_DLQ, Topics.RACE_REPORTS_DLQ, Topics.PROFILE_SNAPSHOTS_DLQ)) {
            TopicReader.read(place.kafka(), layout.name(letters), record -> {
                if (++refused[0] <= SHOWN_PROBLEMS) {
                    String of = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8) + ": ";
                    Header why = record.headers().lastHeader(WHY);
                    reasons.add(of + (why == null ? "refused" : new String(why.value(), StandardCharsets.UTF_8)));
                }
            });
        }
        if (refused[0] > reasons.size()) {
            reasons.add("and " + (refused[0] - reasons.size()) + " more records");
        }
        return reasons;
    }

    /** Its topics, the internal ones too, and its group. */
    private void clean() {
        if (keep || place.embedded()) {
            return;
        }
        try {
            get(admin.deleteTopics(ownNames()).all());
            deleteGroup();
        } catch (KafkaException e) {
            LOG.warn("What begins with {} stays on the cluster: {}", layout.prefix(), e.getMessage());
        }
    }

    private void deleteGroup() {
        try {
            get(admin.deleteConsumerGroups(List.of(group)).all());
        } catch (GroupIdNotFoundException e) {
            return; // it ended before there was one
        }
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get(ADMIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("it did not answer within " + ADMIN_TIMEOUT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Stops it, then takes away what it made. */
    @Override
    public void close() {
        closing.close();
    }
}
