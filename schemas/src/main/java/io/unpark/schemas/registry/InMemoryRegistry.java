package io.unpark.schemas.registry;

import java.util.List;
import org.apache.avro.Schema;

/** A registry for one process and its lifetime: topologies run in tests without a network. */
public final class InMemoryRegistry implements RegistryClient {
    private final SchemaCatalog catalog = new SchemaCatalog();

    @Override
    public synchronized int register(String subject, Schema schema) {
        RegisteredSchema planned = catalog.plan(subject, SchemaCatalog.parse(RegisteredText.of(schema)));
        catalog.add(planned);
        return planned.id();
    }

    @Override
    public int idOf(String subject, Schema schema) {
        return catalog.find(subject, SchemaCatalog.parse(RegisteredText.of(schema)))
                .orElseThrow(() -> new RegistryException(
                        catalog.versions(subject).isEmpty()
                                ? RegistryException.SUBJECT_NOT_FOUND
                                : RegistryException.SCHEMA_NOT_FOUND,
                        "schema is not registered under " + subject))
                .id();
    }

    @Override
    public Schema schemaOf(int id) {
        return catalog.schemaOf(id).orElseThrow(() -> new UnknownSchemaException(id));
    }

    @Override
    public RegisteredSchema latest(String subject) {
        List<RegisteredSchema> versions = catalog.versions(subject);
        if (versions.isEmpty()) {
            throw new RegistryException(RegistryException.SUBJECT_NOT_FOUND, "subject not found: " + subject);
        }
        return versions.get(versions.size() - 1);
    }

    @Override
    public boolean isCompatible(String subject, Schema schema) {
        return catalog.isCompatible(subject, SchemaCatalog.parse(RegisteredText.of(schema)));
    }
}
