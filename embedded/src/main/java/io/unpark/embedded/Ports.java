package io.unpark.embedded;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The loopback ports of a data folder, kept in it so that clients find the broker again after a restart. */
record Ports(int broker, int controller) {
    private static final String FILE = "ports.properties";

    /**
     * The ports of the last time, where they are still free.
     *
     * @param wantedBroker the broker's port, or 0 for the last or any free one
     */
    static Ports of(Path dataDir, int wantedBroker) throws IOException {
        Properties last = new Properties();
        Path file = dataDir.resolve(FILE);
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                last.load(reader);
            }
        }
        // Both sockets are open at once: one after the other, the system may give the same port twice.
        try (ServerSocket broker = open(wantedBroker, last.getProperty("broker"));
                ServerSocket controller = open(0, last.getProperty("controller"))) {
            Ports ports = new Ports(broker.getLocalPort(), controller.getLocalPort());
            last.setProperty("broker", Integer.toString(ports.broker));
            last.setProperty("controller", Integer.toString(ports.controller));
            try (Writer writer = Files.newBufferedWriter(file)) {
                last.store(writer, null);
            }
            return ports;
        }
    }

    private static ServerSocket open(int wanted, String last) throws IOException {
        if (wanted == 0 && last != null) {
            try {
                return open(Integer.parseInt(last));
            } catch (IOException | IllegalArgumentException e) {
                return open(0); // taken by somebody else in the meantime, or the file was edited
            }
        }
        return open(wanted);
    }

    private static ServerSocket open(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            // As Kafka's own sockets: a port whose last connections are in TIME_WAIT can be taken again.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException | IllegalArgumentException e) {
            socket.close();
            throw new IOException("port " + port + " cannot be had: " + e.getMessage(), e);
        }
    }
}
