package io.unpark.app.doctor;

import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.registry.HttpRegistryClient;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.RegistryException;
import io.unpark.schemas.registry.RegistryUnavailableException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;

/** The registry: there, and its schemas readable by this version. */
public final class RegistryChecks {
    private final RegistryConfig config;
    private final TopicLayout layout;

    public RegistryChecks(RegistryConfig config, TopicLayout layout) {
        this.config = config;
        this.layout = layout;
    }

    /** Nothing more is asked of a registry that does not answer. */
    public List<Diagnosis> run() {
        HttpRegistryClient registry = new HttpRegistryClient(config);
        List<String> missing = new ArrayList<>();
        List<Diagnosis> all = new ArrayList<>();
        try {
            int right = 0;
            for (Topic<?, ?> topic : Topics.all()) {
                if (topic.valueSchema().isPresent()) {
                    right += isRight(registry, topic, topic.valueSchema().get(), missing, all) ? 1 : 0;
                }
            }
            all.add(
                    0,
                    Diagnosis.ok(
                            "registry",
                            "answers at " + config.urls() + "; " + right + " schemas are registered and compatible"));
        } catch (RegistryUnavailableException e) {
            return List.of(Diagnosis.fail("registry", Causes.reason(e), "check --registry and that it runs"));
        } catch (KafkaException e) {
            return List.of(Diagnosis.fail(
                    "registry",
                    "refuses: " + Causes.reason(e),
                    "check --registry, its path (Apicurio: /apis/ccompat/v7) and its user"));
        }
        if (!missing.isEmpty()) {
            all.add(missing(missing));
        }
        return all;
    }

    private boolean isRight(
            HttpRegistryClient registry, Topic<?, ?> topic, Schema schema, List<String> missing, List<Diagnosis> all) {
        String subject = layout.name(topic) + "-value";
        try {
            registry.latest(subject);
        } catch (RegistryException e) {
            if (e.errorCode() != RegistryException.SUBJECT_NOT_FOUND
                    && e.errorCode() != RegistryException.VERSION_NOT_FOUND) {
                throw e;
            }
            missing.add(subject);
            return false;
        }
        if (registry.isCompatible(subject, schema)) {
            return true;
        }
        all.add(Diagnosis.fail(
                "registry",
                "subject " + subject + " has a schema that this version's is not compatible with",
                "is it another program's topic? use --prefix, or upgrade Unpark if it is older than what wrote there"));
        return false;
    }

    private Diagnosis missing(List<String> subjects) {
        String found = subjects.size() + " schemas are not registered yet, such as " + subjects.get(0);
        return config.autoRegister()
                ? Diagnosis.ok("schemas", found + "; whoever writes first registers it")
                : Diagnosis.fail(
                        "schemas",
                        found,
                        "register those of schemas/src/main/avro, or leave out auto.register.schemas=false");
    }
}
