package io.unpark.sink.store;

/** How many anomalies of a service, kind and severity are open. */
public record OpenCount(String namespace, String service, String kind, String severity, long count) {}
