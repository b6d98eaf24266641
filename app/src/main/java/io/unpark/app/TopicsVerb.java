package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.UserError;
import io.unpark.app.topics.ClusterTopics;
import io.unpark.schemas.Access;
import io.unpark.schemas.Role;
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
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Creates the topics on a cluster, tells where the cluster differs from what is expected, or which rights are needed.",
        footer = {"", "Exit code of check: 0 all is as expected, 1 it differs."})
final class TopicsVerb implements Callable<Integer> {
    /** What to do. */
    enum Action {
        CREATE,
        CHECK,
        ACLS
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "create|check|acls",
            description = {
                "Existing topics are never changed.",
                "acls prints what each role must be allowed, as commands of Kafka's own kafka-acls."
            })
    private Action action;

    @Option(
            names = "--bootstrap",
            required = true,
            paramLabel = "HOST:PORT,...",
            description = "The cluster's brokers.")
    private String bootstrap;

    @Mixin
    private ConfigFile config;

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

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Of acls: ${COMPLETION-CANDIDATES}; all of them when left out.")
    private List<Role> roles = List.of(Role.values());

    @Option(
            names = "--principal",
            paramLabel = "NAME",
            description = "Of acls: who gets them; User:unpark-ROLE when left out.")
    private String principal;

    @Override
    public Integer call() {
        TopicLayout layout = layout();
        ClusterTopics topics = new ClusterTopics(bootstrap, kafkaConfig.read(config), layout);
        return switch (action) {
            case CREATE -> create(topics.create());
            case CHECK -> check(topics.check());
            case ACLS -> acls(layout);
        };
    }

    /** Printed for whoever may grant them; Unpark itself never does. */
    private int acls(TopicLayout layout) {
        PrintWriter out = spec.commandLine().getOut();
        String command = "kafka-acls --bootstrap-server " + bootstrap + " ";
        for (Role role : roles) {
            String who = principal == null ? "User:unpark-" + role.label() : principal;
            Access.of(role, layout).forEach(it -> out.println(command + it.options(who)));
        }
        return ExitCode.OK;
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
