package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.UserError;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicDifference;
import io.unpark.schemas.TopicLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
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
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

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

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Kafka client settings (TLS, SASL), as a properties file.")
    private Path config;

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
        TopicLayout layout = layout();
        return switch (action) {
            case CREATE -> ask(admin -> create(new TopicAdmin(admin, layout, TIMEOUT)));
            case CHECK -> ask(admin -> check(new TopicAdmin(admin, layout, TIMEOUT)));
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

    private int ask(Function<Admin, Integer> question) {
        try (Admin admin = Admin.create(settings())) {
            return question.apply(admin);
        } catch (KafkaException e) {
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw UserError.environment("the cluster at " + bootstrap + " refused or did not answer: " + why);
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        if (config != null) {
            Properties file = new Properties();
            try (InputStream in = Files.newInputStream(config)) {
                file.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw UserError.usage("cannot read " + config + ": " + e.getMessage());
            }
            file.stringPropertyNames().forEach(name -> settings.put(name, file.getProperty(name)));
        }
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return settings;
    }

    private int create(TopicAdmin topics) {
        PrintWriter out = spec.commandLine().getOut();
        List<String> created = topics.create();
        created.forEach(topic -> out.println("created " + topic));
        if (created.isEmpty()) {
            out.println("all topics are there already");
        }
        return ExitCode.OK;
    }

    private int check(TopicAdmin topics) {
        PrintWriter out = spec.commandLine().getOut();
        List<TopicDifference> differences = topics.check();
        differences.forEach(out::println);
        if (differences.isEmpty()) {
            out.println("all topics are as expected");
        }
        return differences.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
    }
}
