package io.unpark.app.process;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.unpark.app.console.UserError;
import io.unpark.ingest.security.WebSecurity;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A web server on one address, protected as it was asked for: the same for every role. */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    private final Javalin server;
    private final WebSecurity security;
    private final ProcessMeters processMeters;
    private final String host;

    private WebServer(Javalin server, WebSecurity security, ProcessMeters processMeters, String host) {
        this.server = server;
        this.security = security;
        this.processMeters = processMeters;
        this.host = host;
    }

    /**
     * Starts it.
     *
     * @param host address to listen on
     * @param port 0 is any free one
     * @param options who may do what, and TLS
     * @param meters of the process: get what was not let in, as {@code unpark.http.refused}, and how the JVM is
     * @param routes registers what it serves
     * @throws UserError when the port is taken, the address is not of this machine, or a file cannot be used
     */
    public static WebServer start(
            String host, int port, WebSecurity.Options options, MeterRegistry meters, Consumer<JavalinConfig> routes) {
        WebSecurity security = security(options);
        if (options.asksWho()
                && options.tls().isEmpty()
                && !new InetSocketAddress(host, 0).getAddress().isLoopbackAddress()) {
            LOG.warn("Tokens come to {} unencrypted, unless something in front of it does TLS; see --tls-cert", host);
        }
        FunctionCounter.builder("unpark.http.refused", security, it -> sum(it.refused()))
                .description("Requests that were not let in")
                .register(meters);
        try {
            Javalin server = Javalin.create(config -> {
                config.startup.showJavalinBanner = false;
                security.install(config, host, port);
                routes.accept(config);
            });
            return new WebServer(server.start(), security, new ProcessMeters(meters), host);
        } catch (RuntimeException e) {
            security.close();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw taken(host, port);
                }
            }
            throw e;
        }
    }

    private static WebSecurity security(WebSecurity.Options options) {
        try {
            return new WebSecurity(options);
        } catch (IOException e) {
            throw UserError.usage("cannot use " + e.getMessage());
        }
    }

    private static double sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** @throws UserError when the port is taken; 0 never is */
    public static void requireFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw taken(host, port);
        }
    }

    private static UserError taken(String host, int port) {
        String where = host.equals(loopback()) ? "port " + port : "port " + port + " of " + host;
        return UserError.environment(where + " is taken; stop what listens there, or choose another with --port");
    }

    /** Nobody else's machine reaches it. */
    public static String loopback() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    /** Requests that were not let in, by reason, since the start. */
    public Map<String, Long> refused() {
        return security.refused();
    }

    public String url() {
        String name = host.equals(loopback()) ? "localhost" : host;
        return security.scheme() + "://" + name + ":" + server.port();
    }

    @Override
    public void close() {
        server.stop();
        security.close();
        processMeters.close();
    }
}
