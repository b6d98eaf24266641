package io.unpark.ingest.discovery;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads lists of target groups, which Prometheus's file_sd and http_sd share: {@code [{"targets": […], "labels": {…}}]}. */
public final class TargetGroups {
    /** Of one file or answer. */
    static final int MAX_BYTES = 16 << 20;

    private static final int MAX_TARGETS = 100_000;
    private static final int MAX_LABELS = 100;
    private static final Pattern LABEL_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,199}");

    private static final ObjectMapper JSON = new ObjectMapper(new JsonFactory());
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private TargetGroups() {}

    /** @throws IOException that says what was expected and what was found */
    static List<TargetGroup> ofJson(byte[] bytes) throws IOException {
        return parse(JSON, "JSON", bytes);
    }

    /** As {@link #ofJson}, of YAML. An empty file is an empty list. */
    static List<TargetGroup> ofYaml(byte[] bytes) throws IOException {
        return parse(YAML, "YAML", bytes);
    }

    private static List<TargetGroup> parse(ObjectMapper mapper, String format, byte[] bytes) throws IOException {
        JsonNode root;
        try {
            root = mapper.readTree(bytes);
        } catch (JacksonException e) {
            String where =
                    e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw new IOException("not " + format + where + ": " + firstLine(e.getOriginalMessage()), e);
        } catch (StackOverflowError | IllegalArgumentException e) {
            throw new IOException("not " + format + ": nested too deeply or broken", e);
        }
        if (format.equals("YAML") && (root.isMissingNode() || root.isNull())) {
            return List.of();
        }
        return of(root);
    }

    /**
     * Of a list that was read already.
     *
     * @throws IOException that says what was expected
     */
    public static List<TargetGroup> of(JsonNode root) throws IOException {
        if (!root.isArray()) {
            throw new IOException("a list of {targets: [...], labels: {...}} is expected");
        }
        List<TargetGroup> groups = new ArrayList<>();
        int targets = 0;
        for (JsonNode group : root) {
            TargetGroup read = group(group, groups.size() + 1);
            targets += read.targets().size();
            if (targets > MAX_TARGETS) {
                throw new IOException("more than " + MAX_TARGETS + " targets");
            }
            groups.add(read);
        }
        return groups;
    }

    private static TargetGroup group(JsonNode group, int number) throws IOException {
        if (!group.isObject()) {
            throw new IOException("group " + number + ": {targets: [...], labels: {...}} is expected");
        }
        for (Iterator<String> names = group.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals("targets") && !name.equals("labels")) {
                throw new IOException(
                        "group " + number + " has '" + shown(name) + "'; only targets and labels are known");
            }
        }
        List<String> targets = new ArrayList<>();
        JsonNode list = group.path("targets");
        if (!list.isArray() && !list.isMissingNode() && !list.isNull()) {
            throw new IOException("group " + number + ": targets is not a list");
        }
        for (JsonNode target : list) {
            if (!target.isTextual()) {
                throw new IOException("group " + number + ": a target is not a text such as \"host:6060\"");
            }
            targets.add(target.textValue());
        }
        return new TargetGroup(targets, labels(group.path("labels"), "group " + number));
    }

    /** Labels by name; {@code where} begins the messages. */
    public static Map<String, String> labels(JsonNode node, String where) throws IOException {
        Map<String, String> labels = new TreeMap<>();
        if (node.isMissingNode() || node.isNull()) {
            return labels;
        }
        if (!node.isObject() || node.size() > MAX_LABELS) {
            throw new IOException(where + ": labels are at most " + MAX_LABELS + " names with values");
        }
        for (Map.Entry<String, JsonNode> label : node.properties()) {
            if (!LABEL_NAME.matcher(label.getKey()).matches()) {
                throw new IOException(where + ": '" + shown(label.getKey()) + "' is no name of a label");
            }
            if (!label.getValue().isValueNode() || label.getValue().isNull()) {
                throw new IOException(where + ": label " + label.getKey() + " has no text as value");
            }
            labels.put(label.getKey(), label.getValue().asText());
        }
        return labels;
    }

    private static String firstLine(String text) {
        return text == null ? "" : shown(text.lines().findFirst().orElse(""));
    }

    private static String shown(String text) {
        String clean = text.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
        return clean.length() > 120 ? clean.substring(0, 120) + "…" : clean;
    }
}
