package io.unpark.sink.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

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
        long arrivedMs) {
    /** An address may belong to another service some day: the last word counts. */
    static final Upsert<PeerSeen> UPSERT = new Upsert<>(
            "UPDATE peers SET callee_namespace = ?, callee_service = ?, arrived_ms = ? WHERE id = ?",
            seen -> new Object[] {seen.calleeNamespace, seen.calleeService, seen.arrivedMs, seen.id},
            """
            INSERT INTO peers (callee_namespace, callee_service, arrived_ms, id, namespace, service, peer, route)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            seen -> new Object[] {
                seen.calleeNamespace,
                seen.calleeService,
                seen.arrivedMs,
                seen.id,
                seen.namespace,
                seen.service,
                seen.peer,
                seen.route
            });

    /** Those of a batch's requests, the last of each id, sorted so that two writers lock rows in the same order. */
    static Collection<PeerSeen> in(SinkBatch batch) {
        List<PeerSeen> all = new ArrayList<>();
        batch.requests().forEach(request -> all.addAll(request.peers()));
        TreeMap<String, PeerSeen> last = new TreeMap<>();
        all.forEach(seen -> last.put(seen.id(), seen));
        return last.values();
    }
}
