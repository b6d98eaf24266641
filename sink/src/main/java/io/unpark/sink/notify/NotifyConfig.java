package io.unpark.sink.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is told of what, and how much is kept for those who cannot be reached.
 *
 * @param externalUrl where people reach the page, for links
 * @param groupWait how long a change waits for others that go in the same message
 * @param rowsMax notices that wait for one receiver
 * @param ageMax of a notice that waits
 * @param attemptsMax to send one
 */
public record NotifyConfig(
        List<ReceiverConfig> receivers,
        List<Silence> silences,
        Optional<URI> externalUrl,
        Duration groupWait,
        int rowsMax,
        Duration ageMax,
        int attemptsMax) {
    /** Nobody is told anything. */
    public static final NotifyConfig NONE = new NotifyConfig(
            List.of(), List.of(), Optional.empty(), Duration.ofSeconds(5), 10_000, Duration.ofDays(3), 1_000);

    public NotifyConfig {
        receivers = List.copyOf(receivers);
        silences = List.copyOf(silences);
    }

    /**
     * Reads the section. Secrets are read once, to tell at once when they are not there.
     *
     * @param section the value of the key {@code notify}; a missing or null node says nothing
     * @param folder that relative paths start from
     * @throws NotifyConfigException for the first mistake
     */
    public static NotifyConfig read(JsonNode section, Path folder, Map<String, String> environment) {
        return section.isMissingNode() || section.isNull() ? NONE : new NotifyReader(folder, environment).read(section);
    }
}
