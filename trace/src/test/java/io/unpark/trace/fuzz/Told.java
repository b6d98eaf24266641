package io.unpark.trace.fuzz;

import io.unpark.trace.GoFormatPrinter;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * What a trace told.
 *
 * @param events each event as text, the reader's closing sync left out
 * @param failure why it ended, null when it ended well
 */
record Told(List<String> events, TraceFormatException failure) {

    static Told by(byte[] trace) throws IOException {
        Events events = new Events();
        GoFormatPrinter printer = new GoFormatPrinter(events, ZoneOffset.UTC);
        try (TraceReader reader = TraceReader.open(new ByteArrayInputStream(trace))) {
            while (reader.readGeneration(printer)) {
                // The printer tells all.
            }
            return new Told(events.withoutLastSync(), null);
        } catch (TraceFormatException e) {
            return new Told(events.withoutLastSync(), e);
        }
    }

    /** The printer appends each event in one piece. */
    private static final class Events implements Appendable {
        private final List<String> list = new ArrayList<>();

        List<String> withoutLastSync() {
            boolean sync = !list.isEmpty() && list.get(list.size() - 1).contains(" Sync ");
            return sync ? list.subList(0, list.size() - 1) : list;
        }

        @Override
        public Appendable append(CharSequence text) {
            list.add(text.toString());
            return this;
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) {
            return append(text.subSequence(start, end));
        }

        @Override
        public Appendable append(char c) {
            return append(String.valueOf(c));
        }
    }
}
