package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.UserError;
import io.unpark.app.doctor.ClusterChecks;
import io.unpark.app.doctor.Diagnosis;
import io.unpark.app.doctor.Diagnosis.Level;
import io.unpark.app.doctor.LocalChecks;
import io.unpark.app.doctor.RegistryChecks;
import io.unpark.app.roles.Address;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.RegistryConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark doctor}: looks whether everything is there that the roles need. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Looks whether Unpark can work here: this machine, the brokers, the topics, the registry. Changes nothing.",
        footer = {
            "",
            "Each line is OK, WARN or FAIL, what was found, and the next step. Without --bootstrap only this machine is looked at.",
            "Exit code: 0 nothing FAILs, 1 something does."
        })
final class DoctorVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"--bootstrap", "--bootstrap-servers"},
            paramLabel = "HOST:PORT,...",
            description = "The cluster's brokers.")
    private String bootstrap;

    @Option(names = "--registry", paramLabel = "URL,...", description = "The schema registry, by Confluent's API.")
    private String registry;

    @Mixin
    private ConfigFile config;

    @Mixin
    private KafkaConfigFile kafkaConfig;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "In front of every topic's and group's name.")
    private String prefix = "";

    @Option(names = "--state", paramLabel = "DIR", description = "Folder of the stores; ./state when left out.")
    private Path state = Path.of("state");

    @Mixin
    private ListenAddress listen;

    @Override
    public Integer call() {
        Address address = listen.unprotected();
        Map<String, Object> settings = new HashMap<>(kafkaConfig.read(config));
        TopicLayout layout = layout();
        List<Diagnosis> all = new ArrayList<>();
        show(all, new LocalChecks(state, address.host(), address.port(), "go").run());
        if (bootstrap != null) {
            Map<String, Object> kafka = new HashMap<>(settings);
            kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
            show(all, new ClusterChecks(kafka, layout).run());
        }
        if (registry != null) {
            show(all, new RegistryChecks(registryConfig(settings), layout).run());
        }
        long failures = all.stream().filter(it -> it.level() == Level.FAIL).count();
        return failures == 0 ? ExitCode.OK : ExitCode.FAILURE;
    }

    private TopicLayout layout() {
        try {
            return TopicLayout.DEFAULT.withPrefix(prefix);
        } catch (IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
    }

    private RegistryConfig registryConfig(Map<String, Object> settings) {
        Map<String, Object> config = new HashMap<>(settings);
        config.put(RegistryConfig.URL, registry);
        try {
            return RegistryConfig.from(config);
        } catch (ConfigException | IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
    }

    /** As they come: some take a while. */
    private void show(List<Diagnosis> all, List<Diagnosis> more) {
        PrintWriter out = spec.commandLine().getOut();
        more.forEach(out::println);
        out.flush();
        all.addAll(more);
    }
}
