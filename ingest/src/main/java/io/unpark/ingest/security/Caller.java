package io.unpark.ingest.security;

import java.util.List;

/**
 * Who sends a request, as far as that was proved.
 *
 * @param name of the line of the access file, or of the certificate
 */
public record Caller(String name, List<Grant> grants) {
    public Caller {
        grants = List.copyOf(grants);
    }

    /** Somebody who may do everything. */
    static Caller trusted(String name) {
        return new Caller(name, List.of(Grant.PUSH_ANY, Grant.MANAGE_ANY));
    }

    boolean mayPush(String namespace, String service) {
        return grants.stream().anyMatch(grant -> grant.allowsPush(namespace, service));
    }

    boolean may(Permission permission) {
        return grants.stream()
                .anyMatch(grant -> grant.permission() == permission
                        || (permission == Permission.READ && grant.permission() == Permission.MANAGE));
    }
}
