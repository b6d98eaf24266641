package io.unpark.sink.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.sink.store.AnomalyFacts;
import io.unpark.sink.store.NoticeRules;
import io.unpark.sink.store.NoticeVerdict;
import io.unpark.sink.store.StateRule;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Who is told, by the configuration. */
final class ConfigNotices implements NoticeRules {
    private static final int TEXT_CHARS_MAX = 2_000;
    /** Evidence and causes may be long; the page has them. */
    private static final List<String> KEPT = List.of(
            "id",
            "kind",
            "namespace",
            "service",
            "instance",
            "site",
            "file",
            "line",
            "creation_site",
            "route",
            "severity",
            "confidence",
            "count",
            "first_seen",
            "last_seen",
            "summary",
            "advice");

    private final NotifyConfig config;
    private final Map<String, ReceiverConfig> receivers = new LinkedHashMap<>();
    private final Supplier<StateRule> rule;

    ConfigNotices(NotifyConfig config, Supplier<StateRule> rule) {
        this.config = config;
        this.rule = rule;
        config.receivers().forEach(it -> receivers.put(it.name(), it));
    }

    @Override
    public List<String> receivers() {
        return List.copyOf(receivers.keySet());
    }

    @Override
    public NoticeVerdict verdict(String receiver, AnomalyFacts anomaly) {
        ReceiverConfig it = receivers.get(receiver);
        if (!it.severities().contains(anomaly.severity())
                || !it.confidences().contains(anomaly.confidence())
                || !Matcher.all(it.match(), anomaly)) {
            return NoticeVerdict.IGNORE;
        }
        Instant now = Instant.ofEpochMilli(rule.get().nowMs());
        return config.silences().stream().anyMatch(silence -> silence.holds(anomaly, now))
                ? NoticeVerdict.SILENCE
                : NoticeVerdict.TELL;
    }

    @Override
    public StateRule stateRule() {
        return rule.get();
    }

    @Override
    public int queueRowsMax() {
        return config.rowsMax();
    }

    @Override
    public String shortened(String document) {
        try {
            JsonNode whole = Messages.JSON.readTree(document);
            ObjectNode kept = Messages.JSON.createObjectNode();
            for (String field : KEPT) {
                JsonNode value = whole.get(field);
                if (value != null) {
                    kept.set(field, shortened(value));
                }
            }
            return kept.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the sink's own document is no JSON", e);
        }
    }

    private static JsonNode shortened(JsonNode value) {
        if (value.isTextual() && value.textValue().length() > TEXT_CHARS_MAX) {
            return Messages.JSON.getNodeFactory().textNode(value.textValue().substring(0, TEXT_CHARS_MAX) + "…");
        }
        if (value instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(shortened(field.getValue())));
        }
        return value;
    }
}
