package io.unpark.sink.notify;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The section {@code notify} as it is written; null where nothing is. */
record NotifyFile(String externalUrl, String groupWait, Queue queue, List<Receiver> receivers, List<Quiet> silences) {
    record Queue(Integer maxRows, String maxAge, Integer maxAttempts) {}

    record Receiver(
            String name,
            String type,
            String url,
            String urlEnv,
            String urlFile,
            String tokenEnv,
            String tokenFile,
            String secretEnv,
            String secretFile,
            Boolean unsigned,
            String minSeverity,
            String minConfidence,
            List<String> match,
            List<String> groupBy,
            String timeout,
            String resend,
            Map<String, String> labels) {}

    record Quiet(@JsonProperty(required = true) List<String> match, String until, String comment) {}

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static NotifyFile of(JsonNode section) {
        try {
            return JSON.treeToValue(section, NotifyFile.class);
        } catch (UnrecognizedPropertyException e) {
            String known = e.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw new NotifyConfigException("unknown key '" + path(e) + "'; known here are " + known);
        } catch (JsonMappingException e) {
            throw new NotifyConfigException("'" + path(e) + "': "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (JsonProcessingException e) {
            throw new NotifyConfigException("'notify': " + e.getOriginalMessage());
        }
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder("notify");
        for (JsonMappingException.Reference step : e.getPath()) {
            path.append(step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName());
        }
        return path.toString();
    }
}
