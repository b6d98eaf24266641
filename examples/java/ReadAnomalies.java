// java -cp 'app/target/lib/*' examples/java/ReadAnomalies.java 127.0.0.1:9092 http://127.0.0.1:8081
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.registry.ConfluentAvroDeserializer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

public class ReadAnomalies {
    public static void main(String[] args) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", args[0],
                "schema.registry.url", args[1],
                "group.id", "unpark-reader-java",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed",
                "key.deserializer", StringDeserializer.class,
                "value.deserializer", ConfluentAvroDeserializer.class);
        try (var consumer = new KafkaConsumer<String, Anomaly>(settings)) {
            consumer.subscribe(List.of("go-anomalies"));
            while (true) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    Anomaly anomaly = record.value();
                    if (anomaly == null) { // a tombstone: withdrawn, or past its retention
                        System.out.println("gone: " + record.key());
                        continue;
                    }
                    System.out.printf(
                            "%s %s %s:%d %s%n",
                            anomaly.getKind(), anomaly.getSeverity(), anomaly.getPlace().getFile(),
                            anomaly.getPlace().getLine(), anomaly.getSummary());
                }
            }
        }
    }
}
