package io.unpark.sink.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.sink.store.Notice;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** What both kinds of messages share. */
final class Messages {
    static final ObjectMapper JSON = new ObjectMapper();

    private Messages() {}

    static JsonNode anomaly(Notice notice) {
        try {
            return JSON.readTree(notice.document());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the sink's own document is no JSON", e);
        }
    }

    /** The page of an anomaly. */
    static Optional<String> link(Optional<URI> externalUrl, Notice notice) {
        return externalUrl.map(it -> it.toString().replaceFirst("/+$", "") + "/#/anomaly/"
                + URLEncoder.encode(notice.anomalyId(), StandardCharsets.UTF_8));
    }

    static String time(long unixMs) {
        return Instant.ofEpochMilli(unixMs).toString();
    }
}
