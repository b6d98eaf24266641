package io.unpark.sink.store.stacks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.sink.store.StackTaker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;

/**
 * Stacks as they are stored: JSON, deflated. Each text, frame and stack is there once; {@code frames} and {@code entries} are flat
 * rows of numbers: (function, file, line) and (route, reason, stack, count, ns), names by their place in {@code texts}. {@link
 * StackDocumentReader} reads them.
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
        try (StackDocumentReader reader = new StackDocumentReader()) {
            reader.read(document, taker);
        }
    }
}
