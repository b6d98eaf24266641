package io.unpark.app.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.app.console.AnomalyLine;
import io.unpark.app.console.UserError;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.sink.consume.AnomalyDocuments;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Deserializer;

/** An anomaly as its JSON, wherever it was read. */
public record AnomalyDocument(JsonNode json) {
    /** As results are shown: the worst first. */
    public static final Comparator<AnomalyDocument> ORDER = Comparator.<AnomalyDocument>comparingInt(
                    it -> it.severityRank())
            .thenComparing(it -> it.text("kind"))
            .thenComparing(it -> it.text("service"))
            .thenComparing(AnomalyDocument::id);

    private static final List<String> SEVERITIES = List.of("critical", "warning", "info");
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Longer than a record on the topic may be. */
    private static final int MAX_LINE_CHARS = 4 << 20;

    public String id() {
        return text("id");
    }

    /** Only shown when asked for. */
    public boolean isPossible() {
        return text("confidence").equals("possible");
    }

    String text(String field) {
        return json.path(field).asText();
    }

    private int severityRank() {
        int rank = SEVERITIES.indexOf(text("severity"));
        return rank < 0 ? SEVERITIES.size() : rank;
    }

    /** For the table. */
    public AnomalyLine line() {
        return AnomalyLine.of(json);
    }

    /**
     * What {@code analyze} or {@code replay} printed, by id.
     *
     * @throws UserError when the file cannot be read, or is something else
     */
    public static Map<String, AnomalyDocument> readFile(Path file) {
        Map<String, AnomalyDocument> byId = new TreeMap<>();
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    AnomalyDocument document = parse(line);
                    byId.put(document.id(), document);
                }
            }
            return byId;
        } catch (JsonProcessingException | MismatchedAnomalyException e) {
            throw UserError.usage(file + " line " + number + " is no anomaly as --format jsonl prints it");
        } catch (IOException e) {
            throw UserError.usage("cannot read " + file + ": " + e.getMessage());
        }
    }

    private static final class MismatchedAnomalyException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static AnomalyDocument parse(String line) throws IOException {
        JsonNode json = line.length() > MAX_LINE_CHARS ? MissingNode.getInstance() : JSON.readTree(line);
        if (!json.path("id").isTextual() || !json.path("kind").isTextual()) {
            throw new MismatchedAnomalyException();
        }
        return new AnomalyDocument(json);
    }

    /** What stands on a topic of the cluster's own, by id. */
    public static Map<String, AnomalyDocument> readTopic(ReplayPlace place, String topic) {
        return readTopic(place.kafka(), topic, place.registered());
    }

    /** What stands on a topic of anomalies, by id: the last of each, less what was withdrawn. */
    static Map<String, AnomalyDocument> readTopic(Map<String, Object> kafka, String topic, TopicSerdes serdes) {
        Deserializer<Anomaly> values = serdes.value(Topics.ANOMALIES).deserializer();
        Map<String, AnomalyDocument> byId = new TreeMap<>();
        TopicReader.read(kafka, topic, record -> {
            String id = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                byId.remove(id);
            } else {
                byId.put(id, of(values.deserialize(topic, record.value())));
            }
        });
        return byId;
    }

    /** As {@code analyze} prints it: the namespace only where there is one. */
    private static AnomalyDocument of(Anomaly record) {
        ObjectNode json = AnomalyDocuments.of(record);
        if (json.path("namespace").asText().isEmpty()) {
            json.remove("namespace");
        }
        return new AnomalyDocument(json);
    }

    /** With the name of the file that the worst example is from. */
    AnomalyDocument withInput(String input) {
        ObjectNode ordered = JSON.createObjectNode();
        json.properties().forEach(field -> {
            ordered.set(field.getKey(), field.getValue());
            if (field.getKey().equals("instance")) {
                ordered.put("input", input);
            }
        });
        return new AnomalyDocument(ordered);
    }
}
