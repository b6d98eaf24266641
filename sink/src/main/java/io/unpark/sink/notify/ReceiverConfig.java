package io.unpark.sink.notify;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Somebody who is told.
 *
 * @param url where messages are posted, read at each use
 * @param token sent as {@code Authorization: Bearer}
 * @param signing the key of a webhook's signatures
 * @param severities which are told, and {@code confidences}
 * @param match all must match
 * @param groupBy labels whose values all notices of one message share
 * @param timeout of one attempt
 * @param resend how often what is open is told to Alertmanager anew
 * @param labels added to each alert
 */
record ReceiverConfig(
        String name,
        ReceiverType type,
        Secret url,
        Optional<Secret> token,
        Optional<Secret> signing,
        List<String> severities,
        List<String> confidences,
        List<Matcher> match,
        List<String> groupBy,
        Duration timeout,
        Duration resend,
        Map<String, String> labels) {
    ReceiverConfig {
        severities = List.copyOf(severities);
        confidences = List.copyOf(confidences);
        match = List.copyOf(match);
        groupBy = List.copyOf(groupBy);
        labels = Map.copyOf(labels);
    }
}
