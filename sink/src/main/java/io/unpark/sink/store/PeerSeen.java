package io.unpark.sink.store;

/**
 * A service called {@code peer} (host and port) for {@code route}, and {@code callee} answered: the callee's part of the request
 * names the call as its parent.
 *
 * @param id short, and the same for the same caller, peer and route
 */
public record PeerSeen(
        String id,
        String namespace,
        String service,
        String peer,
        String route,
        String calleeNamespace,
        String calleeService,
        long arrivedMs) {}
