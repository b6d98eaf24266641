package io.unpark.streams;

import io.unpark.schemas.registry.InMemoryRegistry;
import io.unpark.schemas.registry.RegisteredSchema;
import io.unpark.schemas.registry.RegistryClient;
import io.unpark.schemas.registry.RegistryUnavailableException;
import org.apache.avro.Schema;

/** The registry in memory, which can be away. */
final class MemoryRegistry implements RegistryClient {
    private final RegistryClient registry = new InMemoryRegistry();
    private volatile boolean away;

    void away(boolean isAway) {
        away = isAway;
    }

    @Override
    public int register(String subject, Schema schema) {
        return present().register(subject, schema);
    }

    @Override
    public int idOf(String subject, Schema schema) {
        return present().idOf(subject, schema);
    }

    @Override
    public Schema schemaOf(int id) {
        return present().schemaOf(id);
    }

    @Override
    public RegisteredSchema latest(String subject) {
        return present().latest(subject);
    }

    @Override
    public boolean isCompatible(String subject, Schema schema) {
        return present().isCompatible(subject, schema);
    }

    private RegistryClient present() {
        if (away) {
            throw new RegistryUnavailableException("away", null);
        }
        return registry;
    }
}
