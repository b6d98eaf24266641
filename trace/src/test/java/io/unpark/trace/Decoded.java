package io.unpark.trace;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.ZoneId;

/**
 * What came out of a trace.
 *
 * @param dump the events in Go's format
 * @param failure why it ended, null when it ended well
 */
record Decoded(String dump, TraceFormatException failure) {

    static Decoded of(byte[] trace) throws IOException {
        return of(trace, TraceLimits.defaults(), ZoneId.systemDefault());
    }

    static Decoded of(byte[] trace, TraceLimits limits, ZoneId zone) throws IOException {
        StringBuilder dump = new StringBuilder();
        GoFormatPrinter printer = new GoFormatPrinter(dump, zone);
        try (TraceReader reader = TraceReader.open(new ByteArrayInputStream(trace), limits)) {
            while (reader.readGeneration(printer)) {
                // The printer has it all.
            }
            return new Decoded(dump.toString(), null);
        } catch (TraceFormatException e) {
            return new Decoded(dump.toString(), e);
        }
    }
}
