package io.unpark.embedded;

import io.unpark.schemas.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Settings of a broker and controller in one, alone on this machine. */
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String HOST = "127.0.0.1";
    /** Lists by which listeners are told; others' come on top of this room's own, which cannot be done without. */
    private static final List<String> ABOUT_LISTENERS =
            List.of("listeners", "advertised.listeners", "listener.security.protocol.map");

    private BrokerSettings() {}

    static Map<String, String> of(Path logDir, Ports ports, Map<String, String> overrides) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("log.dirs", logDir.toString());
        settings.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + ports.controller());
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        settings.put(
                "listeners",
                "PLAINTEXT://" + HOST + ":" + ports.broker() + "," + CONTROLLER_LISTENER + "://" + HOST + ":"
                        + ports.controller());
        settings.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + ports.broker());
        settings.put("auto.create.topics.enable", "false");
        settings.put("message.max.bytes", Integer.toString(Topics.TRACE_CHUNKS.maxMessageBytes()));
        alone(settings);
        small(settings);
        overrides.forEach((name, value) -> {
            if (ABOUT_LISTENERS.contains(name)) {
                settings.merge(name, value, (own, more) -> own + "," + more);
            } else {
                settings.put(name, value);
            }
        });
        return settings;
    }

    /** The same node without its broker. */
    static Map<String, String> controllerAlone(Path logDir, Ports ports, Map<String, String> overrides) {
        Map<String, String> settings = of(logDir, ports, overrides);
        settings.put("process.roles", "controller");
        settings.put("listeners", CONTROLLER_LISTENER + "://" + HOST + ":" + ports.controller());
        settings.remove("advertised.listeners");
        settings.remove("inter.broker.listener.name");
        return settings;
    }

    static String bootstrap(Ports ports) {
        return HOST + ":" + ports.broker();
    }

    static String controllerBootstrap(Ports ports) {
        return HOST + ":" + ports.controller();
    }

    /** No other broker to copy to, no other member to wait for. */
    private static void alone(Map<String, String> settings) {
        settings.put("default.replication.factor", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
        // A broker that stalls for longer is taken for dead; by default 9 s.
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");
        // By default a week without running would forget how far the stages had read.
        settings.put("offsets.retention.minutes", Integer.toString(365 * 24 * 60));
    }

    /** The defaults are for a machine of its own: 50 partitions of each internal topic, 128 MiB for the log cleaner. */
    private static void small(Map<String, String> settings) {
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("offsets.topic.segment.bytes", Integer.toString(8 << 20));
        settings.put("transaction.state.log.segment.bytes", Integer.toString(8 << 20));
        settings.put("log.segment.bytes", Integer.toString(128 << 20));
        settings.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
    }
}
