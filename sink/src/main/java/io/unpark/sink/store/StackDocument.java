package io.unpark.sink.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Stacks as they are stored: JSON, deflated. Each text, frame and stack is there once; {@code frames} and {@code entries} are flat
 * rows of numbers: (function, file, line) and (route, reason, stack, count, ns), names by their place in {@code texts}.
 */
public final class StackDocument implements StackTaker {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A generic function's name can be long; what is cut off tells nobody anything. */
    private static final int TEXT_CHARS_MAX = 1_000;
    /** The runtime records at most 128. */
    private static final int FRAMES_MAX = 200;

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final Map<String, Integer> texts = new HashMap<>();
    private final Map<Frame, Integer> frames = new HashMap<>();
    private final Map<Stack, Integer> stacks = new HashMap<>();
    private final ArrayNode textList = json.putArray("texts");
    private final ArrayNode frameList = json.putArray("frames");
    private final ArrayNode stackList = json.putArray("stacks");
    private final ArrayNode entryList = json.putArray("entries");

    @Override
    public void entry(String route, String reason, Stack stack, long count, long blockedNs) {
        entryList
                .add(text(route))
                .add(text(reason))
                .add(place(stack))
                .add(count)
                .add(blockedNs);
    }

    @Override
    public void rest(long coveredNs, long otherNs, long otherSamples) {
        json.put("covered_ns", coveredNs).put("other_ns", otherNs).put("other_samples", otherSamples);
    }

    private int text(String whole) {
        String text = whole.length() > TEXT_CHARS_MAX ? whole.substring(0, TEXT_CHARS_MAX) : whole;
        Integer known = texts.putIfAbsent(text, texts.size());
        if (known != null) {
            return known;
        }
        textList.add(text);
        return texts.size() - 1;
    }

    private int place(Stack stack) {
        Integer known = stacks.putIfAbsent(stack, stacks.size());
        if (known != null) {
            return known;
        }
        ArrayNode list = stackList.addArray();
        stack.frames().stream().limit(FRAMES_MAX).forEach(frame -> list.add(place(frame)));
        return stacks.size() - 1;
    }

    private int place(Frame frame) {
        Integer known = frames.putIfAbsent(frame, frames.size());
        if (known != null) {
            return known;
        }
        frameList.add(text(frame.function())).add(text(frame.file())).add(frame.line());
        return frames.size() - 1;
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(bytes)) {
            JSON.writeValue(deflated, json);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Tells what a document holds. */
    public static void read(byte[] document, StackTaker taker) {
        JsonNode json;
        try (InflaterInputStream inflated = new InflaterInputStream(new ByteArrayInputStream(document))) {
            json = JSON.readTree(inflated);
        } catch (IOException e) {
            throw new IllegalStateException("a stored profile cannot be read", e);
        }
        List<String> texts = new ArrayList<>();
        json.path("texts").forEach(text -> texts.add(text.asText()));
        List<Frame> frames = new ArrayList<>();
        JsonNode numbers = json.path("frames");
        for (int i = 0; i + 2 < numbers.size(); i += 3) {
            frames.add(new Frame(
                    texts.get(numbers.get(i).asInt()),
                    texts.get(numbers.get(i + 1).asInt()),
                    numbers.get(i + 2).asInt()));
        }
        List<Stack> stacks = new ArrayList<>();
        for (JsonNode places : json.path("stacks")) {
            List<Frame> stack = new ArrayList<>(places.size());
            places.forEach(place -> stack.add(frames.get(place.asInt())));
            stacks.add(new Stack(stack));
        }
        JsonNode entries = json.path("entries");
        for (int i = 0; i + 4 < entries.size(); i += 5) {
            taker.entry(
                    texts.get(entries.get(i).asInt()),
                    texts.get(entries.get(i + 1).asInt()),
                    stacks.get(entries.get(i + 2).asInt()),
                    entries.get(i + 3).asLong(),
                    entries.get(i + 4).asLong());
        }
        taker.rest(
                json.path("covered_ns").asLong(),
                json.path("other_ns").asLong(),
                json.path("other_samples").asLong());
    }
}
