package io.unpark.embedded;

import io.unpark.schemas.registry.InMemoryRegistry;
import io.unpark.schemas.registry.RegistryClient;

final class InMemoryRegistryTest extends RegistryContract {
    private final InMemoryRegistry registry = new InMemoryRegistry();

    @Override
    RegistryClient registry() {
        return registry;
    }
}
