package io.unpark.ingest.capture;

/**
 * Whose trace it is.
 *
 * @param namespace may be empty
 * @param service never empty
 * @param instance one process of it; never empty
 */
public record AgentKey(String namespace, String service, String instance) {
    boolean isOf(String otherNamespace, String otherService) {
        return service.equals(otherService) && namespace.equals(otherNamespace);
    }
}
