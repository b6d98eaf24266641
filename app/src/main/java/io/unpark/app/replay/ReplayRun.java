package io.unpark.app.replay;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.console.UserError;
import io.unpark.app.process.Closing;
import io.unpark.app.process.DataFolder;
import io.unpark.embedded.EmbeddedKafka;
import io.unpark.ingest.ChunkProducer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;

/**
 * Sends the past through the pipeline, once for each configuration, and tells what was found. Everything it makes on a cluster is
 * under {@code <prefix>replay-<name>-}: production's topics are read at most.
 */
public final class ReplayRun implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Closing closing = new Closing();
    private final List<ReplayTarget> targets = new ArrayList<>();

    private ReplayRun() {}

    /**
     * How it runs.
     *
     * @param name part of all its names
     * @param configs one run each
     * @param threads of each run's topologies
     * @param keep leave the topics on the cluster
     * @param data folder of the stores and of the embedded broker, deleted in the end; the system's temporary one when empty
     */
    public record Settings(String name, List<AnalysisConfig> configs, int threads, boolean keep, Optional<Path> data) {
        public Settings {
            configs = List.copyOf(configs);
        }
    }

    /**
     * Starts the pipeline on a cluster.
     *
     * @throws UserError when the cluster does not answer, or the name is taken
     */
    public static ReplayRun on(ReplayPlace place, Settings settings, Consumer<String> stage) {
        ReplayRun run = new ReplayRun();
        try {
            run.startTargets(place, settings, run.folder(settings), stage);
            return run;
        } catch (RuntimeException | Error e) {
            run.close();
            throw e;
        }
    }

    /**
     * Starts the pipeline on a broker of its own, which goes with it.
     *
     * @param partitions of the topics
     */
    public static ReplayRun embedded(int partitions, Settings settings, Consumer<String> stage) {
        ReplayRun run = new ReplayRun();
        try {
            Path folder = run.folder(settings);
            stage.accept("starting a broker");
            EmbeddedKafka kafka = run.closing.add("broker", EmbeddedKafka.start(folder));
            ReplayPlace place = new ReplayPlace(
                    Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap()),
                    Optional.empty(),
                    ReplayPlace.unregistered(),
                    "",
                    OptionalInt.of(partitions),
                    true);
            run.startTargets(place, settings, folder, stage);
            return run;
        } catch (IOException e) {
            run.close();
            throw UserError.environment("cannot start a broker: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            run.close();
            throw e;
        }
    }

    private Path folder(Settings settings) {
        DataFolder folder = settings.data().map(DataFolder::temporaryIn).orElseGet(DataFolder::temporary);
        return closing.add("data folder", folder).path();
    }

    private void startTargets(ReplayPlace place, Settings settings, Path folder, Consumer<String> stage) {
        try {
            for (int i = 0; i < settings.configs().size(); i++) {
                String name = settings.name() + (i == 0 ? "" : "-" + (i + 1));
                String prefix = place.prefix() + "replay-" + name + "-";
                stage.accept(place.embedded() ? "starting the topologies" : "starting the topologies as " + prefix);
                Path state = folder.resolve("state-" + i);
                AnalysisConfig config = settings.configs().get(i);
                ReplayTarget target =
                        ReplayTarget.start(place, prefix, config, settings.threads(), state, settings.keep());
                targets.add(closing.add("run " + name, target));
            }
        } catch (KafkaException e) {
            throw UserError.environment("the cluster refused or did not answer: " + reason(e));
        }
    }

    /**
     * Sends all of it, each moment at its time.
     *
     * @return false when the process was asked to end before that
     * @throws UserError when the cluster takes no more, or the past cannot be read on
     */
    public boolean send(Past past, Pace pace) throws InterruptedException {
        List<ChunkProducer> producers =
                targets.stream().map(ReplayTarget::producer).toList();
        try (Lanes lanes = new Lanes(past.lanes())) {
            for (Moment moment = lanes.next(); moment != null; moment = lanes.next()) {
                if (!pace.await(moment.unixNs())) {
                    return false;
                }
                moment.sendTo(producers);
            }
            return true;
        } catch (IOException e) {
            throw UserError.environment("the replay cannot go on: " + e.getMessage());
        }
    }

    /**
     * Waits until all that was sent has gone through all stages: every stage has committed all of its input.
     *
     * @return false when the process was asked to end before that
     * @throws UserError when the topologies failed
     */
    public boolean awaitProcessed(Pace.Sleeper asked) throws InterruptedException {
        try {
            for (ReplayTarget target : targets) {
                var ends = target.app().inputEnds();
                while (!target.app().awaitProcessed(ends, LOOK_EVERY)) {
                    if (asked.isAsked(Duration.ZERO)) {
                        return false;
                    }
                }
            }
            return true;
        } catch (IllegalStateException | KafkaException e) {
            throw UserError.environment("the replay cannot go on: " + reason(e));
        }
    }

    /** What stands in the end, by id, for each configuration. */
    public List<Map<String, AnomalyDocument>> anomalies() {
        return targets.stream().map(ReplayTarget::anomalies).toList();
    }

    /** Why records were refused by the topologies; those of the first configuration, since bytes are judged alike by all. */
    public List<String> refusals() {
        return targets.get(0).refusals();
    }

    /** Generations judged by the first configuration's run. */
    public long generations() {
        return targets.get(0).app().status().generations();
    }

    /** Requests that were let go because there were too many; parts of them that came later were judged alone. */
    public long requestsLetGo() {
        return targets.stream()
                .mapToLong(it -> it.app().status().evictedRequests())
                .sum();
    }

    /** Clients wrap what they know in exceptions without a text. */
    private static String reason(Throwable e) {
        String reason = e.getClass().getSimpleName();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : cause.getMessage();
        }
        return reason.lines().findFirst().orElse(reason);
    }

    @Override
    public void close() {
        closing.close();
    }
}
