package io.unpark.streams;

import io.unpark.schemas.registry.RegisteredSchema;
import io.unpark.schemas.registry.RegistryClient;
import io.unpark.schemas.registry.RegistryUnavailableException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;

/** A registry that is away the first time that somebody would write to one topic, which is amid a transaction. */
final class FailingRegistry implements RegistryClient {
    private final RegistryClient registry;
    private final String topic;
    private final AtomicBoolean failed = new AtomicBoolean();

    FailingRegistry(RegistryClient registry, String topic) {
        this.registry = registry;
        this.topic = topic;
    }

    @Override
    public int register(String subject, Schema schema) {
        if (subject.startsWith(topic) && failed.compareAndSet(false, true)) {
            throw new RegistryUnavailableException("away, once", null);
        }
        return registry.register(subject, schema);
    }

    @Override
    public int idOf(String subject, Schema schema) {
        return registry.idOf(subject, schema);
    }

    @Override
    public Schema schemaOf(int id) {
        return registry.schemaOf(id);
    }

    @Override
    public RegisteredSchema latest(String subject) {
        return registry.latest(subject);
    }

    @Override
    public boolean isCompatible(String subject, Schema schema) {
        return registry.isCompatible(subject, schema);
    }
}
