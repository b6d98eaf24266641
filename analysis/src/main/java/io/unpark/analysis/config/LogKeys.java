package io.unpark.analysis.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Categories of {@code trace.Log} that say something about a request, beside our own format: those that others are known to
 * write, and those of the configuration. Upper and lower case are the same, as in headers.
 *
 * @param traceIds more names for a trace id (32 hex digits)
 * @param spanIds more names for a span id (16 hex digits, or 8 raw bytes)
 * @param deadlinesMs more names for a deadline (milliseconds since 1970 UTC)
 * @param deadlineHeaders more names of headers that carry a budget; logged under its name, a header's value counts from there
 */
public record LogKeys(
        List<String> traceIds, List<String> spanIds, List<String> deadlinesMs, List<String> deadlineHeaders) {

    /** What a log of a category says. */
    public enum Meaning {
        TRACEPARENT,
        TRACE_ID,
        SPAN_ID,
        DEADLINE_UNIX_MS,
        DEADLINE_HEADER,
        /** Nothing about requests. */
        NONE
    }

    public LogKeys {
        traceIds = List.copyOf(traceIds);
        spanIds = List.copyOf(spanIds);
        deadlinesMs = List.copyOf(deadlinesMs);
        deadlineHeaders = List.copyOf(deadlineHeaders);
    }

    /** Of all names; the known ones win over those of the configuration. */
    public Map<String, Meaning> meanings() {
        Map<String, Meaning> meanings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        traceIds.forEach(name -> meanings.put(name, Meaning.TRACE_ID));
        spanIds.forEach(name -> meanings.put(name, Meaning.SPAN_ID));
        deadlinesMs.forEach(name -> meanings.put(name, Meaning.DEADLINE_UNIX_MS));
        deadlineHeaders.forEach(name -> meanings.put(name, Meaning.DEADLINE_HEADER));
        HeaderBudget.KNOWN.forEach(name -> meanings.put(name, Meaning.DEADLINE_HEADER));
        meanings.put("traceparent", Meaning.TRACEPARENT);
        meanings.put("trace_id", Meaning.TRACE_ID);
        meanings.put("otel.trace_id", Meaning.TRACE_ID);
        meanings.put("span_id", Meaning.SPAN_ID);
        meanings.put("otel.span_id", Meaning.SPAN_ID);
        meanings.put("datadog.uint64_span_id", Meaning.SPAN_ID);
        meanings.put("deadline_unix_ms", Meaning.DEADLINE_UNIX_MS);
        return meanings;
    }
}
