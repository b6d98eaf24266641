package io.unpark.app;

import io.unpark.app.console.UserError;
import io.unpark.app.process.WebServer;
import io.unpark.app.roles.Address;
import io.unpark.ingest.security.WebSecurity;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which a role's port is chosen and protected. */
final class ListenAddress {
    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of what it serves, of /healthz, /readyz and /metrics; 8080 when left out, 0 for any.")
    private int port = 8080;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address to listen on; the loopback one when left out. Another one needs --access,"
                    + " --client-ca, --proxy-header, --oidc-issuer or --allow-anyone.")
    private String host = WebServer.loopback();

    @Mixin
    private SecurityOptions security;

    /** Only where: for who does not listen. */
    Address unprotected() {
        return at(WebSecurity.Options.NONE);
    }

    /** @throws UserError when the options do not go together */
    Address address(ServerSettings settings) {
        return at(security.options(host, settings));
    }

    private Address at(WebSecurity.Options options) {
        try {
            return new Address(host, port, options);
        } catch (IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
    }
}
