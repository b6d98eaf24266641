package io.unpark.sink.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Where the next page begins, as opaque text. */
final class Cursor {
    private static final String VERSION = "1:";

    private Cursor() {}

    static String encode(long seq) {
        return base64(VERSION + seq);
    }

    static long decode(String cursor) {
        try {
            String text = text(cursor);
            if (text.startsWith(VERSION)) {
                return Long.parseLong(text.substring(VERSION.length()));
            }
        } catch (IllegalArgumentException e) {
            // falls through: neither base64 nor a number
        }
        throw bad();
    }

    /** @param list names the list, so that no other one takes it */
    static String encode(String list, List<String> place) {
        ArrayNode parts = Answers.JSON.createArrayNode().add(list);
        place.forEach(parts::add);
        try {
            return base64(Answers.JSON.writeValueAsString(parts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are JSON", e);
        }
    }

    /** The place that was encoded for this list: so many texts. */
    static List<String> decode(String list, int size, String cursor) {
        try {
            JsonNode parts = Answers.JSON.readTree(text(cursor));
            if (parts.isArray()
                    && parts.size() == size + 1
                    && parts.get(0).asText().equals(list)) {
                List<String> place = new ArrayList<>();
                parts.forEach(part -> place.add(part.asText()));
                return place.subList(1, place.size());
            }
        } catch (IllegalArgumentException | IOException e) {
            // falls through: neither base64 nor JSON
        }
        throw bad();
    }

    static ProblemException bad() {
        return ProblemException.badParameter("cursor", "cursor must be the 'next' of an earlier page");
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String cursor) {
        return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    }
}
