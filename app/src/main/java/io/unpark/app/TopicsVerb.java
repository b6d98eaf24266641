package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.UserError;
import io.unpark.app.topics.ClusterTopics;
import io.unpark.schemas.TopicDifference;
import io.unpark.schemas.TopicLayout;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unpark topics}: the topic table on a real cluster. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Creates the topics on a cluster, or tells where the cluster differs from what is expected.",
        footer = {"", "Exit code of check: 0 all is as expected, 1 it differs."})
final class TopicsVerb implements Callable<Integer> {
    /** What to do. */
    enum Action {
        CREATE,
        CHECK
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "create|check", description = "Existing topics are never changed.")
    private Action action;

    @Option(
            names = "--bootstrap",
            required = true,
            paramLabel = "HOST:PORT,...",
            description = "The cluster's brokers.")
    private String bootstrap;

    @Mixin
    private KafkaConfigFile kafkaConfig;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "In front of every topic's name.")
    private String prefix = "";

    @Option(names = "--partitions", paramLabel = "N", description = "Of every topic but the dead-letter ones.")
    private Integer partitions;

    @Option(
            names = "--replication",
            paramLabel = "N",
            description = "Of new topics; the broker's default when left out.")
    private int replication = -1;

    @Override
    public Integer call() {
        ClusterTopics topics = new ClusterTopics(bootstrap, kafkaConfig.read(), layout());
        return switch (action) {
            case CREATE -> create(topics.create());
            case CHECK -> check(topics.check());
        };
    }

    private TopicLayout layout() {
        try {
            TopicLayout layout = TopicLayout.DEFAULT.withPrefix(prefix).withReplicationFactor(replication);
            return partitions == null ? layout : layout.withPartitions(partitions);
        } catch (IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
    }

    private int create(List<String> created) {
        PrintWriter out = spec.commandLine().getOut();
        created.forEach(topic -> out.println("created " + topic));
        if (created.isEmpty()) {
            out.println("all topics are there already");
        }
        return ExitCode.OK;
    }

    private int check(List<TopicDifference> differences) {
        PrintWriter out = spec.commandLine().getOut();
        differences.forEach(out::println);
        if (differences.isEmpty()) {
            out.println("all topics are as expected");
        }
        return differences.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
    }
}
