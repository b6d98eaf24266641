package io.unpark.embedded;

import io.unpark.schemas.registry.RegisteredSchema;
import io.unpark.schemas.registry.SchemaCatalog;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;

/** The catalogue, and the topic that it is rebuilt from. Writes are one at a time, and stored before they are shown. */
final class SchemaStore implements AutoCloseable {
    private final String bootstrap;
    private volatile SchemaCatalog catalog;
    private SchemaLog log;
    private boolean inDoubt;

    SchemaStore(String bootstrap) {
        this.bootstrap = bootstrap;
        open();
    }

    /** What is registered now; changes with the next registration. */
    SchemaCatalog catalog() {
        return catalog;
    }

    /** @throws KafkaException when it could not be stored, or {@code RegistryException} when it may not be */
    synchronized RegisteredSchema register(String subject, Schema schema) {
        if (inDoubt) {
            // The record of a failed write may be in the topic; its id must not be given to another schema.
            log.close();
            open();
        }
        RegisteredSchema planned = catalog.plan(subject, schema);
        if (catalog.find(subject, schema).isEmpty()) {
            inDoubt = true;
            log.append(planned);
            catalog.add(planned);
            inDoubt = false;
        }
        return planned;
    }

    @Override
    public synchronized void close() {
        log.close();
    }

    private void open() {
        log = new SchemaLog(bootstrap);
        SchemaCatalog read = new SchemaCatalog();
        try {
            log.read(read::add);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
        catalog = read;
        inDoubt = false;
    }
}
