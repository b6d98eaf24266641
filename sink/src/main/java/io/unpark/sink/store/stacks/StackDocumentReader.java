package io.unpark.sink.store.stacks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.sink.store.StackTaker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads what {@link StackDocument} wrote, one document after the other. An answer takes hundreds or thousands: so no tree is made
 * of the JSON, and what it is unpacked with is kept from one to the next. Not for several threads.
 */
public final class StackDocumentReader implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int FIRST_BYTES = 1 << 14;
    /** Deflate gives a thousandfold at most: what is longer was not written by this program. */
    private static final int BYTES_MAX = 1 << 28;

    private static final int FRAME_NUMBERS = 3;
    private static final int ENTRY_NUMBERS = 5;

    private final Inflater inflater = new Inflater();
    private byte[] json = new byte[FIRST_BYTES];

    private final List<String> texts = new ArrayList<>();
    private final Numbers frames = new Numbers();
    private final List<long[]> stacks = new ArrayList<>();
    private final Numbers entries = new Numbers();
    private long coveredNs;
    private long otherNs;
    private long otherSamples;

    /** Numbers one after the other. */
    private static final class Numbers {
        private long[] values = new long[256];
        private int size;

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        int place(int at) {
            return Math.toIntExact(values[at]);
        }

        long[] copy() {
            return Arrays.copyOf(values, size);
        }
    }

    /** Tells what a document holds. Throws {@link IllegalStateException} when it is none. */
    public void read(byte[] document, StackTaker taker) {
        open(document);
        tell(taker);
    }

    /** How many entries a document has. Throws as {@link #read} does. */
    public int entries(byte[] document) {
        open(document);
        return entries.size / ENTRY_NUMBERS;
    }

    private void open(byte[] document) {
        clear();
        try {
            int length = inflate(document);
            try (JsonParser parser = JSON.createParser(json, 0, length)) {
                parse(parser);
            }
        } catch (IOException | DataFormatException e) {
            throw new IllegalStateException("a stored profile cannot be read", e);
        }
    }

    private void clear() {
        inflater.reset();
        texts.clear();
        frames.size = 0;
        stacks.clear();
        entries.size = 0;
        coveredNs = 0;
        otherNs = 0;
        otherSamples = 0;
    }

    /** @return how many bytes there are now in {@link #json} */
    private int inflate(byte[] document) throws DataFormatException {
        inflater.setInput(document);
        int length = 0;
        while (true) {
            length += inflater.inflate(json, length, json.length - length);
            if (inflater.finished()) {
                return length;
            }
            if (length < json.length || length >= BYTES_MAX) {
                throw new DataFormatException("cut off, or too long");
            }
            json = Arrays.copyOf(json, 2 * length);
        }
    }

    private void parse(JsonParser parser) throws IOException {
        parser.nextToken();
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            parser.nextToken();
            switch (field) {
                case "texts" -> {
                    for (String text = parser.nextTextValue(); text != null; text = parser.nextTextValue()) {
                        texts.add(text);
                    }
                }
                case "frames" -> numbers(parser, frames);
                case "stacks" -> {
                    Numbers places = new Numbers();
                    while (parser.nextToken() == JsonToken.START_ARRAY) {
                        places.size = 0;
                        numbers(parser, places);
                        stacks.add(places.copy());
                    }
                }
                case "entries" -> numbers(parser, entries);
                case "covered_ns" -> coveredNs = parser.getLongValue();
                case "other_ns" -> otherNs = parser.getLongValue();
                case "other_samples" -> otherSamples = parser.getLongValue();
                default -> parser.skipChildren();
            }
        }
    }

    private static void numbers(JsonParser parser, Numbers numbers) throws IOException {
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            numbers.add(parser.getLongValue());
        }
    }

    private void tell(StackTaker taker) {
        Frame[] known = new Frame[frames.size / FRAME_NUMBERS];
        for (int i = 0; i < known.length; i++) {
            int at = i * FRAME_NUMBERS;
            known[i] = new Frame(texts.get(frames.place(at)), texts.get(frames.place(at + 1)), frames.place(at + 2));
        }
        Stack[] whole = new Stack[stacks.size()];
        for (int i = 0; i < whole.length; i++) {
            long[] places = stacks.get(i);
            Frame[] stack = new Frame[places.length];
            for (int j = 0; j < stack.length; j++) {
                stack[j] = known[Math.toIntExact(places[j])];
            }
            whole[i] = new Stack(Arrays.asList(stack));
        }
        for (int at = 0; at + ENTRY_NUMBERS <= entries.size; at += ENTRY_NUMBERS) {
            taker.entry(
                    texts.get(entries.place(at)),
                    texts.get(entries.place(at + 1)),
                    whole[entries.place(at + 2)],
                    entries.values[at + 3],
                    entries.values[at + 4]);
        }
        taker.rest(coveredNs, otherNs, otherSamples);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
