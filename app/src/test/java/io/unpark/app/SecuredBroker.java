package io.unpark.app;

import static org.awaitility.Awaitility.await;

import io.unpark.embedded.EmbeddedKafka;
import io.unpark.embedded.EmbeddedRegistry;
import io.unpark.schemas.Access;
import io.unpark.schemas.Permission;
import io.unpark.schemas.Role;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicLayout;
import io.unpark.testkit.Certificates;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;

/**
 * A broker with a listener that asks for TLS and SCRAM, and an authorizer that allows nothing that no ACL allows. Its open
 * listener is the operator's: whoever comes by it may do everything.
 */
final class SecuredBroker implements AutoCloseable {
    private static final String LISTENER = "SECURED";
    private static final int ITERATIONS = 4096;

    private final Path folder;
    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;
    private final Admin operator;
    private final Certificates certificates;
    private final int port;

    SecuredBroker(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        certificates = Certificates.make(folder);
        port = ClusterProcess.freePort();
        kafka = EmbeddedKafka.start(folder.resolve("broker"), 0, settings());
        registry = EmbeddedRegistry.start(kafka.bootstrap(), 0);
        operator = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    private Map<String, String> settings() {
        String address = LISTENER + "://127.0.0.1:" + port;
        String own = "listener.name." + LISTENER.toLowerCase(Locale.ROOT) + ".";
        Map<String, String> settings = new HashMap<>();
        settings.put("listeners", address);
        settings.put("advertised.listeners", address);
        settings.put("listener.security.protocol.map", LISTENER + ":SASL_SSL");
        settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        settings.put(own + "scram-sha-512.sasl.jaas.config", login("") + ";");
        settings.put(own + "ssl.keystore.type", "PEM");
        settings.put(own + "ssl.keystore.key", certificates.key());
        settings.put(own + "ssl.keystore.certificate.chain", certificates.certificate());
        settings.put("authorizer.class.name", StandardAuthorizer.class.getName());
        settings.put("super.users", "User:ANONYMOUS");
        return settings;
    }

    private static String login(String more) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required" + more;
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    String registry() {
        return registry.url();
    }

    /** Whose password is its name. */
    static String user(Role role) {
        return "unpark-" + role.label();
    }

    /** Makes the user and allows it what the role needs. */
    void allow(Role role, TopicLayout layout) {
        allow(user(role), Access.of(role, layout));
    }

    /** Makes the user and allows it exactly this. */
    void allow(String user, List<Permission> permissions) {
        ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
        List<AclBinding> bindings =
                permissions.stream().map(it -> it.binding("User:" + user)).toList();
        try {
            operator.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, scram, user)))
                    .all()
                    .get();
            operator.createAcls(bindings).all().get();
        } catch (ExecutionException e) {
            throw new AssertionError("the operator may do everything", e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        awaitKnown(user, bindings.size());
    }

    /** Until the broker knows what its controller has acknowledged. */
    private void awaitKnown(String user, int bindings) {
        AclBindingFilter ofUser = new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter("User:" + user, null, AclOperation.ANY, AclPermissionType.ANY));
        await().until(() -> operator.describeAcls(ofUser).values().get().size() >= bindings);
        Map<String, Object> settings = new HashMap<>(client(user));
        settings.put("bootstrap.servers", bootstrap());
        await().ignoreExceptions().until(() -> {
            try (Admin admin = Admin.create(settings)) {
                return !admin.describeCluster().nodes().get().isEmpty();
            }
        });
    }

    /** Creates the topics as the operator. */
    void create(TopicLayout layout) {
        new TopicAdmin(operator, layout, Duration.ofSeconds(30)).create();
    }

    /** What a client of this user needs, by Kafka's names. */
    Map<String, String> client(String user) {
        return Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                login(" username=\"" + user + "\" password=\"" + user + "\";"),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                certificates.certificateFile().toString());
    }

    /** The same as a file for {@code --kafka-config}. */
    Path clientFile(String user) throws IOException {
        Properties properties = new Properties();
        client(user).forEach((name, value) -> properties.setProperty("kafka." + name, value));
        Path file = folder.resolve(user + ".properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }

    @Override
    public void close() {
        operator.close();
        registry.close();
        kafka.close();
    }
}
