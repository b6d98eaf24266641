package io.unpark.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.utils.Time;

/**
 * What must be put right before the broker of a killed process starts again.
 *
 * <p>The controller's log still says that the broker is alive and leads its partitions. A broker started on that believes it, and
 * its transaction coordinator goes on with the transactions that were being ended. When the session of the dead one runs out,
 * no partition has a leader for a moment, and Kafka (4.3.1, {@code TransactionMarkerChannelManager}) takes partitions without
 * one for deleted: it calls a transaction complete whose markers it never wrote. Readers of committed records then wait for
 * ever. So the controller is started alone first and told that the broker is gone.
 */
final class KilledBroker {
    /** Written by Kafka's log manager as the last thing of a clean stop, and removed when it starts. */
    private static final String CLEAN_STOP = ".kafka_cleanshutdown";

    private static final int TIMEOUT_SECONDS = 60;
    private static final int ASK_AGAIN_MILLIS = 50;
    private static final String CANNOT = "cannot recover the broker after an unclean stop: ";

    private KilledBroker() {}

    /** Whether the last broker on this formatted folder did not stop cleanly. */
    static boolean was(Path logDir) {
        return !Files.exists(logDir.resolve(CLEAN_STOP));
    }

    /**
     * Takes the broker out of the controller's books; it registers itself when it starts.
     *
     * @param controllerAlone settings of the node in the controller's role only
     * @throws IOException when the controller does not answer within a minute
     */
    static void forget(Map<String, String> controllerAlone, Ports ports) throws IOException {
        KafkaRaftServer controller = new KafkaRaftServer(new KafkaConfig(controllerAlone), Time.SYSTEM);
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        try {
            controller.startup();
            while (!isKnownAt(ports) || !unregister(ports)) {
                if (System.nanoTime() > deadlineNanos) {
                    throw new IOException(CANNOT + "no answer from its controller");
                }
                Thread.sleep(ASK_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the broker recovered", e);
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    /**
     * Whether the controller is registered at its port of today. Clients are sent where the log says, which may be the port of
     * the last time, where somebody else listens now: another node, on a copy of this folder.
     */
    private static boolean isKnownAt(Ports ports) throws IOException, InterruptedException {
        try (Admin admin = admin(ports)) {
            var nodes = answer(admin.describeCluster().nodes());
            return nodes.isPresent() && nodes.get().stream().allMatch(node -> node.port() == ports.controller());
        }
    }

    private static boolean unregister(Ports ports) throws IOException, InterruptedException {
        try (Admin admin = admin(ports)) {
            return answer(admin.unregisterBroker(BrokerSettings.NODE_ID).all().thenApply(done -> true))
                    .isPresent();
        } catch (BrokerIdNotRegisteredException e) {
            return true; // killed before it had registered itself again
        }
    }

    private static Admin admin(Ports ports) {
        return Admin.create(
                Map.of(AdminClientConfig.BOOTSTRAP_CONTROLLERS_CONFIG, BrokerSettings.controllerBootstrap(ports)));
    }

    /** What the controller says; nothing while it is not far enough in its log to know what it understands, or that it leads. */
    private static <T> Optional<T> answer(KafkaFuture<T> asked) throws IOException, InterruptedException {
        try {
            return Optional.of(asked.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BrokerIdNotRegisteredException notRegistered) {
                throw notRegistered;
            }
            if (e.getCause() instanceof UnsupportedVersionException || e.getCause() instanceof RetriableException) {
                return Optional.empty();
            }
            throw new IOException(CANNOT + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException(CANNOT + "no answer from its controller", e);
        }
    }
}
