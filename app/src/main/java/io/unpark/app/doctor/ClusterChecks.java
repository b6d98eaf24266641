package io.unpark.app.doctor;

import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicDifference;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The brokers: there, new enough, with our topics, transactions and room for our records. */
public final class ClusterChecks {
    private static final String METADATA_VERSION = "metadata.version";
    private static final String REQUEST_BYTES = "socket.request.max.bytes";
    private static final String TOPIC = "topic";
    private static final String PARTITIONS = "partitions";
    private static final String SIZE = "max.message.bytes";
    private static final int TOPICS_NAMED = 4;

    private final Map<String, Object> kafka;
    private final TopicLayout layout;
    private final String bootstrap;

    /** @param kafka client settings by Kafka's names, {@code bootstrap.servers} among them */
    public ClusterChecks(Map<String, Object> kafka, TopicLayout layout) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Causes.ANSWER_MS);
        this.kafka.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Causes.ANSWER_MS);
        this.layout = layout;
        this.bootstrap = String.valueOf(kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** Nothing more is asked of brokers that do not answer. */
    public List<Diagnosis> run() {
        List<Diagnosis> all = new ArrayList<>();
        try (Admin admin = Admin.create(kafka)) {
            List<Node> nodes = brokers(admin, all);
            all.add(version(admin));
            all.add(requestSize(admin, nodes.get(0)));
            all.addAll(topics(admin));
        } catch (KafkaException e) {
            all.add(Diagnosis.fail(
                    "brokers",
                    "no answer from " + bootstrap + ": " + Causes.reason(e),
                    "check --bootstrap, --kafka-config (TLS, SASL) and that the network lets you through"));
            return all;
        }
        all.add(transactions());
        return all;
    }

    private List<Node> brokers(Admin admin, List<Diagnosis> all) {
        DescribeClusterResult cluster = admin.describeCluster();
        List<Node> nodes = List.copyOf(Causes.get(cluster.nodes()));
        String found = nodes.size() + (nodes.size() == 1 ? " broker" : " brokers") + " of cluster "
                + Causes.get(cluster.clusterId());
        all.add(
                nodes.size() == 1
                        ? Diagnosis.warn(
                                "brokers",
                                found,
                                "fine to try it; with one broker a broken disk loses what was acknowledged")
                        : Diagnosis.ok("brokers", found));
        return nodes;
    }

    private static Diagnosis version(Admin admin) {
        try {
            FinalizedVersionRange level = Causes.get(admin.describeFeatures().featureMetadata())
                    .finalizedFeatures()
                    .get(METADATA_VERSION);
            return level == null
                    ? Diagnosis.warn(
                            "version",
                            "the brokers name no metadata.version: they still run with ZooKeeper or are older than 3.3",
                            "Unpark is tested with 4.x; older brokers may work")
                    : Diagnosis.ok("version", "metadata.version " + level.maxVersionLevel());
        } catch (KafkaException e) {
            return Diagnosis.warn(
                    "version", "the brokers do not tell it: " + Causes.reason(e), "Unpark is tested with 4.x");
        }
    }

    /** Topics have a limit of their own; but what a broker reads from a socket at a time is its own. */
    private static Diagnosis requestSize(Admin admin, Node node) {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
        try {
            Config config =
                    Causes.get(admin.describeConfigs(List.of(broker)).all()).get(broker);
            String value = config.get(REQUEST_BYTES) == null
                    ? ""
                    : config.get(REQUEST_BYTES).value();
            if (value == null || value.isEmpty()) {
                return Diagnosis.ok("requests", "the broker does not tell its limit");
            }
            return Long.parseLong(value) >= Topics.MAX_REQUEST_BYTES
                    ? Diagnosis.ok("requests", "up to " + value + " bytes, " + Topics.MAX_REQUEST_BYTES + " are needed")
                    : Diagnosis.fail(
                            "requests",
                            "the broker takes up to " + value + " bytes",
                            "set " + REQUEST_BYTES + " to " + Topics.MAX_REQUEST_BYTES + " or more");
        } catch (KafkaException | NumberFormatException e) {
            return Diagnosis.warn(
                    "requests",
                    "the broker does not tell its limit: " + Causes.reason(e),
                    REQUEST_BYTES + " must be at least " + Topics.MAX_REQUEST_BYTES);
        }
    }

    private List<Diagnosis> topics(Admin admin) {
        List<TopicDifference> differences;
        try {
            differences = new TopicAdmin(admin, layout, Duration.ofMillis(Causes.ANSWER_MS)).check();
        } catch (KafkaException e) {
            return List.of(Diagnosis.fail(
                    "topics",
                    "the cluster does not tell about them: " + Causes.reason(e),
                    Causes.isForbidden(e) ? "allow Describe and DescribeConfigs on the topics" : "try again"));
        }
        List<String> missing = differences.stream()
                .filter(it -> it.setting().equals(TOPIC))
                .map(TopicDifference::topic)
                .toList();
        if (!missing.isEmpty()) {
            return List.of(missing(missing));
        }
        List<Diagnosis> all = new ArrayList<>();
        inputs(differences).ifPresent(all::add);
        differences.stream()
                .filter(it -> !it.setting().equals(PARTITIONS))
                .map(ClusterChecks::differs)
                .forEach(all::add);
        return all.isEmpty() ? List.of(Diagnosis.ok("topics", Topics.all().size() + " topics are as expected")) : all;
    }

    private Diagnosis missing(List<String> names) {
        String more = names.size() > TOPICS_NAMED ? " and " + (names.size() - TOPICS_NAMED) + " more" : "";
        String prefix = layout.prefix().isEmpty() ? "" : " --prefix " + layout.prefix();
        return Diagnosis.fail(
                "topics",
                "missing: " + String.join(", ", names.subList(0, Math.min(TOPICS_NAMED, names.size()))) + more,
                "unpark topics create --bootstrap " + bootstrap + prefix);
    }

    /** Another number of partitions is a choice; but one instance's traces, races and profiles must lie on the same one. */
    private Optional<Diagnosis> inputs(List<TopicDifference> differences) {
        String chunks = partitions(differences, layout.name(Topics.TRACE_CHUNKS));
        String races = partitions(differences, layout.name(Topics.RACE_REPORTS));
        String profiles = partitions(differences, layout.name(Topics.PROFILE_SNAPSHOTS));
        return chunks.equals(races) && chunks.equals(profiles)
                ? Optional.empty()
                : Optional.of(Diagnosis.fail(
                        "topics",
                        layout.name(Topics.TRACE_CHUNKS) + " has " + chunks + " partitions, "
                                + layout.name(Topics.RACE_REPORTS) + " " + races + ", "
                                + layout.name(Topics.PROFILE_SNAPSHOTS) + " " + profiles,
                        "give all three the same number before anything is written"));
    }

    private String partitions(List<TopicDifference> differences, String topic) {
        return differences.stream()
                .filter(it -> it.topic().equals(topic) && it.setting().equals(PARTITIONS))
                .map(TopicDifference::found)
                .findFirst()
                .orElse(Integer.toString(layout.partitions(Topics.TRACE_CHUNKS)));
    }

    private static Diagnosis differs(TopicDifference it) {
        boolean tooSmall = it.setting().equals(SIZE) && number(it.found()) < number(it.expected());
        return tooSmall
                ? Diagnosis.fail(
                        "topics", it.toString(), "its largest records would be refused; raise it with kafka-configs")
                : Diagnosis.warn("topics", it.toString(), "leave it if it is meant so");
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private Diagnosis transactions() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, layout.prefix() + "unpark-doctor");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Causes.ANSWER_MS);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.abortTransaction();
            return Diagnosis.ok("transactions", "can be begun");
        } catch (KafkaException e) {
            return Diagnosis.fail(
                    "transactions",
                    "cannot be begun: " + Causes.reason(e),
                    Causes.isForbidden(e)
                            ? "allow Write and Describe on the transactional ids that begin with " + layout.prefix()
                                    + "unpark, and IdempotentWrite"
                            : "with fewer than 3 brokers set transaction.state.log.replication.factor and"
                                    + " transaction.state.log.min.isr to what there is");
        }
    }
}
