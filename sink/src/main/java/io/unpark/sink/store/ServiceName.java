package io.unpark.sink.store;

/** What a service is called. */
public record ServiceName(String namespace, String service) {}
