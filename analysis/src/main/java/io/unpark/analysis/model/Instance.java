package io.unpark.analysis.model;

/**
 * One process of one service.
 *
 * @param namespace "" when the service has none
 * @param version "" when not known; not part of the identity
 */
public record Instance(String namespace, String service, String name, String version) {}
