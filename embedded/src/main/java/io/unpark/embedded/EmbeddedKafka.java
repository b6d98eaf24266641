package io.unpark.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker of production classes in this process: KRaft, broker and controller in one, on a loopback port. Started again
 * on the same folder it has the same cluster id and data, also after the process was killed.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private final KafkaRaftServer server;
    private final Ports ports;

    private EmbeddedKafka(KafkaRaftServer server, Ports ports) {
        this.server = server;
        this.ports = ports;
    }

    /** As {@link #start(Path, int, Map)} on the folder's last port, or any free one. */
    public static EmbeddedKafka start(Path dataDir) throws IOException {
        return start(dataDir, 0, Map.of());
    }

    /**
     * Starts a broker and waits until it serves.
     *
     * @param dataDir folder of its data, made when absent; no two processes may use one folder at a time
     * @param port loopback port, or 0 for the folder's last or any free one
     * @param overrides broker settings by Kafka's names, over this room's own; {@code listeners}, {@code advertised.listeners} and
     *     {@code listener.security.protocol.map} are added to them, so that there can be secured listeners beside the open one
     * @throws IOException when the folder cannot be used or the port is taken
     */
    public static EmbeddedKafka start(Path dataDir, int port, Map<String, String> overrides) throws IOException {
        Path logDir = Files.createDirectories(dataDir.resolve("kafka")).toAbsolutePath();
        Ports ports = Ports.of(dataDir, port);
        if (!Files.exists(logDir.resolve("meta.properties"))) {
            format(logDir);
        } else if (KilledBroker.was(logDir)) {
            KilledBroker.forget(BrokerSettings.controllerAlone(logDir, ports, overrides), ports);
        }
        KafkaRaftServer server =
                new KafkaRaftServer(new KafkaConfig(BrokerSettings.of(logDir, ports, overrides)), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
        return new EmbeddedKafka(server, ports);
    }

    /** Kafka's {@code bootstrap.servers}. */
    public String bootstrap() {
        return BrokerSettings.bootstrap(ports);
    }

    /** The broker's loopback port. */
    public int port() {
        return ports.broker();
    }

    /** Stops cleanly: what was acknowledged is on disk, and the next start needs no recovery. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path logDir) throws IOException {
        Formatter formatter = new Formatter()
                .setNodeId(BrokerSettings.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(logDir.toString()))
                .setMetadataLogDirectory(logDir.toString())
                .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            formatter.run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot format " + logDir, e);
        }
    }
}
