package io.unpark.sink.api;

import io.unpark.sink.store.PeerSeen;
import io.unpark.sink.store.ServiceSummary;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * To whom an address belongs that a service calls: known of requests whose parts are joined, else taken from a host that is called
 * like a service, else the address itself.
 */
final class PeerBook {
    /**
     * Who is at the other end.
     *
     * @param namespace empty for an address
     * @param how "request", "name", or "address" when no service is known there
     */
    record Target(String namespace, String service, String how) {}

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

    private final Map<List<String>, Target> byRoute = new HashMap<>();
    private final Map<List<String>, Set<Target>> byPeer = new HashMap<>();
    private final Map<String, Set<String>> namespaces = new HashMap<>();

    /** @param peers the latest seen first */
    PeerBook(List<PeerSeen> peers, Collection<ServiceSummary> services) {
        for (PeerSeen peer : peers) {
            Target target = new Target(peer.calleeNamespace(), peer.calleeService(), "request");
            byRoute.putIfAbsent(List.of(peer.namespace(), peer.service(), peer.peer(), peer.route()), target);
            byPeer.computeIfAbsent(List.of(peer.namespace(), peer.service(), peer.peer()), key -> new HashSet<>())
                    .add(target);
        }
        services.forEach(service -> namespaces
                .computeIfAbsent(service.service(), name -> new HashSet<>())
                .add(service.namespace()));
    }

    Target target(String namespace, String service, String peer, String route) {
        Target exact = byRoute.get(List.of(namespace, service, peer, route));
        if (exact != null) {
            return exact;
        }
        // A gateway's address may lead to several services: then only the route tells.
        Set<Target> some = byPeer.getOrDefault(List.of(namespace, service, peer), Set.of());
        if (some.size() == 1) {
            return some.iterator().next();
        }
        return byName(namespace, peer);
    }

    /** {@code orders:8080}, {@code orders.shop.svc.cluster.local}: the first label is the service, the second may be its namespace. */
    private Target byName(String namespace, String peer) {
        String host = PORT.matcher(peer).replaceFirst("");
        String[] labels = host.split("\\.");
        if (labels.length > 0 && !ADDRESS.matcher(host).matches()) {
            Set<String> where = namespaces.getOrDefault(labels[0], Set.of());
            String named = labels.length > 1 ? labels[1] : namespace;
            if (where.contains(named)) {
                return new Target(named, labels[0], "name");
            }
            if (where.size() == 1) {
                return new Target(where.iterator().next(), labels[0], "name");
            }
        }
        return new Target("", peer, "address");
    }
}
