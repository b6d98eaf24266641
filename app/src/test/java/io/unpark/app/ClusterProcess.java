package io.unpark.app;

import io.unpark.embedded.EmbeddedKafka;
import io.unpark.embedded.EmbeddedRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A broker and its registry in a process of their own, so that they can be killed apart from who uses them. */
final class ClusterProcess {
    private ClusterProcess() {}

    /** Folder, port of the broker, port of the registry. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int registryPort = Integer.parseInt(args[2]);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[0]), Integer.parseInt(args[1]), Map.of());
                EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrap(), registryPort)) {
            System.out.println("Serving at " + registry.url() + "/;");
            new CountDownLatch(1).await();
        }
    }

    /** A port that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
