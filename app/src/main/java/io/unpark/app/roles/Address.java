package io.unpark.app.roles;

import io.unpark.ingest.security.WebSecurity;

/**
 * Where a role listens, and for whom.
 *
 * @param host address of this machine
 * @param port 0 is any free one
 */
public record Address(String host, int port, WebSecurity.Options security) {
    private static final int MAX_PORT = 65_535;

    public Address {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port is 0 to " + MAX_PORT);
        }
    }
}
