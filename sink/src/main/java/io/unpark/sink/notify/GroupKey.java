package io.unpark.sink.notify;

import io.unpark.sink.store.Notice;
import java.util.List;

/** What the notices of one message share. */
final class GroupKey {
    private GroupKey() {}

    static String value(String label, Notice notice) {
        return switch (label) {
            case "namespace" -> notice.namespace();
            case "service" -> notice.service();
            case "kind" -> notice.kind();
            case "anomaly" -> notice.anomalyId();
            default -> throw new IllegalArgumentException(label);
        };
    }

    static List<String> of(ReceiverConfig receiver, Notice notice) {
        // Alertmanager groups by itself.
        return receiver.type() == ReceiverType.ALERTMANAGER
                ? List.of()
                : receiver.groupBy().stream().map(label -> value(label, notice)).toList();
    }
}
