package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.console.UserError;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Recordings.Recording;
import io.unpark.app.demo.Recordings.Scenario;
import io.unpark.app.process.DataFolder;
import io.unpark.app.roles.Address;
import io.unpark.app.roles.Cluster;
import io.unpark.app.roles.CollectRole;
import io.unpark.app.roles.SinkRole;
import io.unpark.app.roles.StreamRole;
import io.unpark.ingest.security.WebSecurity;
import io.unpark.schemas.Access;
import io.unpark.schemas.Permission;
import io.unpark.schemas.Role;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.sink.notify.NotifyConfig;
import io.unpark.sink.store.StorageConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each role over TLS and SASL, as a user of its own that may do what the role's list says. */
class SecuredClusterTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Address ANY = new Address("127.0.0.1", 0, WebSecurity.Options.NONE);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String HINT = "unpark topics acls prints what each role must be allowed";
    private static final TopicLayout LAYOUT = TopicLayout.DEFAULT.withPrefix("shop.");

    @TempDir
    private static Path shared;

    private static SecuredBroker broker;

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        broker = new SecuredBroker(shared);
        broker.allow(Role.TOPICS, LAYOUT);
        Cli created = topics("create");
        assertThat(created.exitCode()).as(created.err()).isZero();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable it : open) {
            it.close();
        }
    }

    private <T extends AutoCloseable> T closed(T it) {
        open.add(0, it);
        return it;
    }

    private static Cli topics(String action) throws IOException {
        return Cli.run(
                "topics",
                action,
                "--bootstrap",
                broker.bootstrap(),
                "--prefix",
                LAYOUT.prefix(),
                "--partitions",
                "2",
                "--kafka-config",
                broker.clientFile(SecuredBroker.user(Role.TOPICS)));
    }

    @Test
    void everyRoleWorksWithWhatItsListSaysAndNoMore() throws Exception {
        // Given a user for each role, with the rights that are listed for it
        for (Role role : Role.values()) {
            broker.allow(role, LAYOUT);
        }
        assertThat(topics("check").out()).contains("all topics are as expected");

        // When a leak is pushed to the collector
        Recordings recordings = Feed.demo("leak");
        CollectRole collect = closed(collect(SecuredBroker.user(Role.COLLECT)));
        StreamRole stream = closed(stream(SecuredBroker.user(Role.STREAM)));
        SinkRole sink = closed(sink(SecuredBroker.user(Role.SINK)));
        for (Scenario scenario : recordings.scenarios()) {
            for (Recording trace : scenario.traces()) {
                assertThat(push(collect, trace).statusCode()).isEqualTo(202);
            }
        }

        // Then the API and the topic have what analyze finds
        Set<String> expected = DemoManifest.analyzed(recordings).keySet();
        await().atMost(LIMIT).until(() -> stored(sink), found -> found.containsAll(expected));
        assertThat(stream.failure()).isEmpty();
        assertThat(readByAConsumer(expected)).containsAll(expected);
        // And the tools find nothing in their way
        Cli doctor = tool(Role.DOCTOR, "doctor", "--registry", broker.registry(), "--state", folder.resolve("s"));
        assertThat(doctor.out()).contains("transactions").doesNotContain("FAIL").doesNotContain("Not authorized");
        assertThat(tool(Role.DLQ, "dlq", "list").exitCode()).isZero();
        Cli redrive = tool(Role.DLQ, "dlq", "redrive");
        assertThat(redrive.exitCode()).as(redrive.err()).isZero();
        Cli replay = tool(
                Role.REPLAY,
                "replay",
                "--registry",
                broker.registry(),
                "--topic",
                LAYOUT.name(Topics.TRACE_CHUNKS),
                "--format",
                "jsonl");
        assertThat(replay.exitCode()).as(replay.err()).isZero();
        assertThat(Documents.byId(replay.outLines()).keySet()).isEqualTo(expected);
    }

    @Test
    void aRightThatIsMissingIsNamed() {
        assertThatThrownBy(() -> closed(collect(without(Role.COLLECT, on(ResourceType.TOPIC, "go-trace-chunks")))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("shop.go-trace-chunks")
                .hasMessageContaining(HINT);
        assertThatThrownBy(() -> closed(stream(without(Role.STREAM, on(ResourceType.TOPIC, "go-anomalies")))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("shop.go-anomalies")
                .hasMessageContaining(HINT);
        assertThatThrownBy(() -> closed(sink(without(Role.SINK, on(ResourceType.TOPIC, "go-requests")))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("shop.go-requests")
                .hasMessageContaining(HINT);
    }

    @Test
    void topologiesWithoutARightStopAndSayWhich() {
        Predicate<Permission> group = it -> it.type() == ResourceType.GROUP;
        Predicate<Permission> transactions = it -> it.type() == ResourceType.TRANSACTIONAL_ID;
        Predicate<Permission> stores = it -> it.operation() == AclOperation.CREATE;

        assertThat(failure(without(Role.STREAM, group))).contains("group", "shop.unpark", HINT);
        assertThat(failure(without(Role.STREAM, transactions))).contains("ransactional", HINT);
        // Where its internal topics are not there yet.
        TopicLayout other = TopicLayout.DEFAULT.withPrefix("new.");
        broker.create(other);
        assertThat(failure(without(Role.STREAM, other, stores), other)).contains("new.unpark-", HINT);
    }

    @Test
    void aSinkWithoutItsGroupSaysSoAndIsNotReady() throws Exception {
        SinkRole sink = closed(sink(without(Role.SINK, it -> it.type() == ResourceType.GROUP)));

        await().atMost(LIMIT)
                .until(() -> get(sink.url() + "/api/v1/status").body(), it -> it.contains("shop.unpark-sink"));
        assertThat(get(sink.url() + "/readyz").statusCode()).isEqualTo(503);
    }

    @Test
    void aWrongPasswordAndAnUnknownAuthorityAreSaid() {
        Map<String, String> wrong = new HashMap<>(broker.client("nobody"));
        assertThatThrownBy(() -> cluster(wrong).require(List.of(Topics.ANOMALIES)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Authentication failed");

        wrong.keySet().removeIf(name -> name.startsWith("ssl."));
        assertThatThrownBy(() -> cluster(wrong).require(List.of(Topics.ANOMALIES)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("certif");
    }

    private static Predicate<Permission> on(ResourceType type, String name) {
        return it -> it.type() == type && it.name().equals(LAYOUT.prefix() + name);
    }

    /** A user with all rights of the role but these. */
    private static String without(Role role, Predicate<Permission> right) {
        return without(role, LAYOUT, right);
    }

    private static String without(Role role, TopicLayout layout, Predicate<Permission> right) {
        String user = SecuredBroker.user(role) + "-" + java.util.UUID.randomUUID();
        List<Permission> all = Access.of(role, layout);
        List<Permission> left = all.stream().filter(right.negate()).toList();
        assertThat(left).hasSizeLessThan(all.size());
        broker.allow(user, left);
        return user;
    }

    private static Cluster cluster(Map<String, String> settings) {
        return Cluster.of(broker.bootstrap(), broker.registry(), settings, LAYOUT.prefix());
    }

    private static CollectRole collect(String user) {
        return CollectRole.start(
                cluster(broker.client(user)), ANY, Optional.empty(), Optional.empty(), Clock.systemUTC(), stage -> {});
    }

    private StreamRole stream(String user) {
        return stream(user, LAYOUT);
    }

    private StreamRole stream(String user, TopicLayout layout) {
        DataFolder state = DataFolder.kept(folder.resolve(user), "--state");
        Cluster cluster = Cluster.of(broker.bootstrap(), broker.registry(), broker.client(user), layout.prefix());
        return StreamRole.start(cluster, state, AnalysisConfig.DEFAULTS, 1, ANY, stage -> {});
    }

    private static SinkRole sink(String user) {
        StorageConfig storage = StorageConfig.inMemory(user);
        return SinkRole.start(
                cluster(broker.client(user)),
                storage,
                NotifyConfig.NONE,
                Optional.empty(),
                ANY,
                Clock.systemUTC(),
                stage -> {});
    }

    private String failure(String user) {
        return failure(user, LAYOUT);
    }

    private String failure(String user, TopicLayout layout) {
        try (StreamRole stream = stream(user, layout)) {
            return await().atMost(LIMIT)
                    .until(stream::failure, Optional::isPresent)
                    .orElseThrow();
        }
    }

    private static Cli tool(Role role, String verb, Object... more) throws IOException {
        List<Object> words = new ArrayList<>(List.of(verb));
        List<Object> rest = new ArrayList<>(List.of(more));
        if (verb.equals("dlq")) {
            words.add(rest.remove(0));
        }
        words.addAll(List.of("--bootstrap", broker.bootstrap(), "--prefix", LAYOUT.prefix()));
        words.addAll(List.of("--kafka-config", broker.clientFile(SecuredBroker.user(role))));
        words.addAll(rest);
        return Cli.run(words.toArray());
    }

    /** Ids of what somebody reads who is in a group of its own. */
    private static Set<String> readByAConsumer(Set<String> expected) {
        Map<String, Object> settings = new HashMap<>(broker.client(SecuredBroker.user(Role.READER)));
        settings.put("bootstrap.servers", broker.bootstrap());
        settings.put("group.id", LAYOUT.prefix() + Access.READER_GROUP + "-" + java.util.UUID.randomUUID());
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", "read_committed");
        var values = TopicSerdes.of(RegistryConfig.of(broker.registry()))
                .value(Topics.ANOMALIES)
                .deserializer();
        Set<String> found = new TreeSet<>();
        try (KafkaConsumer<String, Anomaly> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), values)) {
            consumer.subscribe(List.of(LAYOUT.name(Topics.ANOMALIES)));
            long deadlineNs = System.nanoTime() + LIMIT.toNanos();
            while (!found.containsAll(expected) && System.nanoTime() < deadlineNs) {
                consumer.poll(Duration.ofMillis(100)).forEach(it -> found.add(it.key()));
            }
        }
        return found;
    }

    private static Set<String> stored(SinkRole sink) throws Exception {
        List<String> items = new ArrayList<>();
        Documents.parse(get(sink.url() + "/api/v1/anomalies?limit=500").body())
                .path("items")
                .forEach(item -> items.add(item.toString()));
        return Documents.byId(items).keySet();
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> push(CollectRole collect, Recording trace) throws Exception {
        String query = "?service=" + trace.service() + "&instance=" + trace.instance();
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(collect.url() + "/ingest/v1/trace" + query))
                        .POST(BodyPublishers.ofFile(trace.file()))
                        .build(),
                BodyHandlers.ofString());
    }
}
