package io.unpark.app;

import io.unpark.app.console.UserError;
import io.unpark.app.process.WebServer;
import io.unpark.app.roles.Address;
import picocli.CommandLine.Option;

/** The options by which a role's port is chosen. */
final class ListenAddress {
    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of what it serves, of /healthz, /readyz and /metrics; 8080 when left out, 0 for any.")
    private int port = 8080;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address to listen on; the loopback one when left out, as nobody is asked for a password.")
    private String host = WebServer.loopback();

    Address address() {
        try {
            return new Address(host, port);
        } catch (IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
    }
}
