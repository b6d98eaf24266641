package io.unpark.app.process;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.unpark.app.console.UserError;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.Consumer;

/** A web server on one address; by default the loopback one, as nothing here asks for a password. */
public final class WebServer implements AutoCloseable {
    private final Javalin server;
    private final String host;

    private WebServer(Javalin server, String host) {
        this.server = server;
        this.host = host;
    }

    /**
     * Starts it.
     *
     * @param host address to listen on
     * @param port 0 is any free one
     * @param routes registers what it serves
     * @throws UserError when the port is taken, or the address is not of this machine
     */
    public static WebServer start(String host, int port, Consumer<JavalinConfig> routes) {
        Javalin server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            routes.accept(config);
        });
        try {
            return new WebServer(server.start(host, port), host);
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw taken(host, port);
                }
            }
            throw e;
        }
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

    public String url() {
        String name = host.equals(loopback()) ? "localhost" : host;
        return "http://" + name + ":" + server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
