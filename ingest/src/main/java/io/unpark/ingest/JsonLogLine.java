package io.unpark.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A log line that is a JSON object.
 *
 * @param text the message
 * @param stream the process, where fields name it; else ""
 * @param unixNs when it was written; 0 when no field tells
 */
record JsonLogLine(String text, String stream, long unixNs) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_FIELDS = 200;

    /** Names of the message's field, the more certain first. */
    private static final List<String> TEXT_FIELDS = List.of(
            "log",
            "msg",
            "message",
            "Message",
            "MESSAGE",
            "Output",
            "@message",
            "@m",
            "_msg",
            "textPayload",
            "stringValue",
            "body",
            "Body",
            "full_message",
            "short_message",
            "line",
            "text",
            "content",
            "event");

    private static final Set<String> STREAM_FIELDS = Set.of(
            "Package",
            "container_id",
            "container_name",
            "pod",
            "pod_name",
            "k8s.pod.name",
            "instance",
            "host",
            "hostname",
            "_HOSTNAME",
            "_PID",
            "CONTAINER_ID");

    private static final Set<String> TIME_FIELDS =
            Set.of("time", "ts", "timestamp", "@timestamp", "Time", "Timestamp", "__REALTIME_TIMESTAMP");

    /** Reads as far as the object is well-formed; empty when it has not a single text in it. */
    static Optional<JsonLogLine> parse(String json) {
        Collector collector = new Collector();
        try (JsonParser parser = JSON.createParser(json)) {
            String name = "";
            int fields = 0;
            for (JsonToken token = parser.nextToken();
                    token != null && fields < MAX_FIELDS;
                    token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    name = parser.currentName();
                    fields++;
                } else if (token.isScalarValue()) {
                    collector.value(name, parser.getText(), token == JsonToken.VALUE_STRING);
                }
            }
        } catch (IOException endsOrBreaksHere) {
            // What came before is used: the log may be cut in the middle of this line.
        }
        return collector.line();
    }

    private static final class Collector {
        private final StringBuilder stream = new StringBuilder();
        private String text;
        private int rank = Integer.MAX_VALUE;
        private long unixNs;

        void value(String name, String value, boolean isText) {
            if (TIME_FIELDS.contains(name) && unixNs == 0) {
                unixNs = isText ? LogTimes.inText(value) : 0;
                unixNs = unixNs == 0 ? LogTimes.ofNumber(value) : unixNs;
            } else if (STREAM_FIELDS.contains(name) && value.length() <= 256 && stream.length() < 1024) {
                stream.append(value).append(' ');
            } else if (isText) {
                text(name, value);
            }
        }

        private void text(String name, String value) {
            int place = TEXT_FIELDS.indexOf(name);
            int candidate = place >= 0 ? place : TEXT_FIELDS.size();
            // A field of an unknown name counts only when what it says can be a report's line.
            if (candidate < rank && (place >= 0 || RaceGrammar.canBeReport(value))) {
                rank = candidate;
                text = value;
            }
        }

        Optional<JsonLogLine> line() {
            return text == null && rank == Integer.MAX_VALUE && unixNs == 0 && stream.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new JsonLogLine(text == null ? "" : text, stream.toString(), unixNs));
        }
    }
}
