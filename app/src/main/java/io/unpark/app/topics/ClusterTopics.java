package io.unpark.app.topics;

import io.unpark.app.console.UserError;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicDifference;
import io.unpark.schemas.TopicLayout;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** The topics of a real cluster. Methods throw {@link UserError} when it refuses or does not answer. */
public final class ClusterTopics {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Map<String, Object> settings = new HashMap<>();
    private final String bootstrap;
    private final TopicLayout layout;

    /** @param properties Kafka client settings by Kafka's names */
    public ClusterTopics(String bootstrap, Map<String, String> properties, TopicLayout layout) {
        this.bootstrap = bootstrap;
        this.layout = layout;
        settings.putAll(properties);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    }

    /** Creates what is missing; returns the names. */
    public List<String> create() {
        return ask(TopicAdmin::create);
    }

    /** What differs from the table. */
    public List<TopicDifference> check() {
        return ask(TopicAdmin::check);
    }

    private <T> T ask(Function<TopicAdmin, T> question) {
        try (Admin admin = Admin.create(settings)) {
            return question.apply(new TopicAdmin(admin, layout, TIMEOUT));
        } catch (KafkaException e) {
            throw UserError.environment("the cluster at " + bootstrap + " refused or did not answer: " + reason(e));
        }
    }

    /** Clients wrap what they know in exceptions without a text. */
    private static String reason(Throwable e) {
        String reason = e.getClass().getSimpleName();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : cause.getMessage();
        }
        return reason;
    }
}
