package io.unpark.app.allinone;

import io.javalin.Javalin;
import io.unpark.app.console.UserError;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The web server on the loopback address: nobody else's machine reaches it, as nothing here asks for a password. */
final class WebServer implements AutoCloseable {
    private final Javalin server;

    private WebServer(Javalin server) {
        this.server = server;
    }

    static WebServer start(Javalin server, int port) {
        try {
            return new WebServer(server.start(host(), port));
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw taken(port);
                }
            }
            throw e;
        }
    }

    /** @throws UserError when the port is taken; 0 never is */
    static void requireFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw taken(port);
        }
    }

    private static UserError taken(int port) {
        return UserError.environment(
                "port " + port + " is taken; stop what listens there, or choose another with --port");
    }

    private static String host() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    String url() {
        return "http://localhost:" + server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
