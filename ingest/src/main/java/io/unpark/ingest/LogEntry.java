package io.unpark.ingest;

import java.util.List;

/**
 * One physical line of a log with its wrappers taken off.
 *
 * @param stream which process wrote it, as far as the wrappers tell; "" when they do not
 * @param unixNs when it was written, nanoseconds since 1970 UTC; 0 when the wrappers do not tell
 * @param wrapped it came out of a structured wrapper, which may have trimmed it
 * @param lines its text; one wrapper may hold many lines
 */
record LogEntry(String stream, long unixNs, boolean wrapped, List<String> lines) {}
