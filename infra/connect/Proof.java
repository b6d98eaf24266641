import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.registry.ConfluentAvroDeserializer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What {@code try.sh} asserts: {@code rows} waits until the table holds what stands on the topic, {@code tombstone} deletes one anomaly on
 * the topic and waits until its row is gone. Then broker, registry, JDBC address.
 */
final class Proof {
    private static final String TOPIC = "go-anomalies";
    private static final Duration LIMIT = Duration.ofMinutes(8);

    public static void main(String[] args) throws Exception {
        if (args[0].equals("tombstone")) {
            String id = standing(args[1], args[2]).keySet().iterator().next();
            bury(args[1], id);
            System.out.println("deleted on the topic: " + id);
        }
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        Map<String, String> wanted;
        Map<String, String> rows;
        do {
            if (System.nanoTime() > deadlineNs) {
                throw new IllegalStateException("the table does not become what stands on the topic");
            }
            Thread.sleep(1_000);
            wanted = standing(args[1], args[2]);
            rows = rows(args[3]);
        } while (wanted.isEmpty() || !wanted.equals(rows));
        System.out.println(rows.size() + " anomalies, " + rows.size() + " rows, such as " + rows.values().iterator().next());
    }

    /** By id, what both sides must agree on. */
    private static Map<String, String> standing(String bootstrap, String registry) {
        Map<String, String> standing = new TreeMap<>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap,
                "schema.registry.url", registry,
                "isolation.level", "read_committed",
                "key.deserializer", StringDeserializer.class,
                "value.deserializer", ConfluentAvroDeserializer.class);
        try (var consumer = new KafkaConsumer<String, Anomaly>(settings)) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(it -> new TopicPartition(TOPIC, it.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    Anomaly it = record.value();
                    if (it == null) {
                        standing.remove(record.key());
                    } else {
                        standing.put(record.key(), line(
                                it.getKind(), it.getInstance().getService(), it.getPlace().getFile(),
                                it.getPlace().getLine(), it.getCount(), it.getLastSeenNs(), it.getEvidence().size() > 0));
                    }
                }
            }
        }
        return standing;
    }

    private static Map<String, String> rows(String url) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet it = statement.executeQuery("SELECT id, kind, instance_service, place_file, place_line, count, last_seen_ns,"
                        + " (SELECT count(*) FROM json_object_keys(evidence::json)) > 0 FROM unpark_anomalies")) {
            while (it.next()) {
                rows.put(it.getString(1), line(it.getString(2), it.getString(3), it.getString(4), it.getInt(5),
                        it.getLong(6), it.getLong(7), it.getBoolean(8)));
            }
        } catch (SQLException e) {
            if (!"42P01".equals(e.getSQLState())) { // no such table: not yet
                throw e;
            }
        }
        return rows;
    }

    private static String line(String kind, String service, String file, int line, long count, long lastSeenNs, boolean evidence) {
        return kind + " " + service + " " + file + ":" + line + " count " + count + " last seen " + lastSeenNs
                + (evidence ? " with evidence" : "");
    }

    private static void bury(String bootstrap, String id) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, id, null)).get();
        }
    }
}
