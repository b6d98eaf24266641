package io.unpark.sink.notify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.sink.store.Notice;
import io.unpark.sink.store.NoticeChange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The body of a webhook: docs/notifications.md has its fields. The same for the same notices, however often it is made. */
final class WebhookMessage {
    private WebhookMessage() {}

    /** @param dropped notices that were dropped since the last message that arrived */
    static byte[] body(ReceiverConfig receiver, Optional<URI> externalUrl, List<Notice> notices, long dropped) {
        Notice first = notices.get(0);
        ObjectNode body = Messages.JSON.createObjectNode();
        body.put("version", "1");
        body.put("receiver", receiver.name());
        ObjectNode group = body.putObject("group");
        for (String label : receiver.groupBy()) {
            group.put(label, GroupKey.value(label, first));
        }
        body.put("dropped", dropped);
        var array = body.putArray("notifications");
        for (Notice notice : notices) {
            ObjectNode item = array.addObject();
            item.put("id", notice.id());
            item.put("change", notice.change().word());
            item.put("at", Messages.time(notice.createdMs()));
            item.put("state", notice.change() == NoticeChange.RESOLVED ? "RESOLVED" : "OPEN");
            item.put("severity", notice.severity());
            if (notice.change() == NoticeChange.SEVERITY_RAISED) {
                item.put("severity_before", notice.severityBefore());
            }
            if (notice.withdrawn()) {
                item.put("withdrawn", true);
            }
            Messages.link(externalUrl, notice).ifPresent(link -> item.put("url", link));
            item.set("anomaly", Messages.anomaly(notice));
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
