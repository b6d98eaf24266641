package io.unpark.schemas.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * The rules of a registry, without storage or network: ids, subjects, versions, and BACKWARD compatibility (a new version must
 * read what the latest wrote). What {@link #plan} gives is stored first and then added, so that what was answered is never lost.
 * Safe for use by several threads; who plans and adds must do both under one lock of their own.
 */
public final class SchemaCatalog {
    /** Longest schema text, in characters. */
    public static final int MAX_SCHEMA_LENGTH = 1024 * 1024;

    /** Longest subject, in characters: a topic's name (249) and a suffix. */
    public static final int MAX_SUBJECT_LENGTH = 300;

    private final Map<String, List<RegisteredSchema>> subjects = new TreeMap<>();
    private final Map<Integer, Schema> schemas = new HashMap<>();
    private final Map<String, Integer> idsByText = new HashMap<>();

    /**
     * Parses a schema.
     *
     * @throws RegistryException {@link RegistryException#INVALID_SCHEMA} when it is none
     */
    public static Schema parse(String text) {
        if (text.length() > MAX_SCHEMA_LENGTH) {
            throw new RegistryException(
                    RegistryException.INVALID_SCHEMA, "schema longer than " + MAX_SCHEMA_LENGTH + " characters");
        }
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException e) {
            throw new RegistryException(RegistryException.INVALID_SCHEMA, "not an Avro schema: " + e.getMessage());
        }
    }

    /**
     * What registering would give: the version that exists already, or a new one which {@link #add} has to be called with.
     *
     * @throws RegistryException {@link RegistryException#INCOMPATIBLE} when the latest version cannot be read by it
     */
    public synchronized RegisteredSchema plan(String subject, Schema schema) {
        if (subject.isEmpty() || subject.length() > MAX_SUBJECT_LENGTH) {
            throw new RegistryException(
                    RegistryException.INVALID_SCHEMA, "subject must have 1 to " + MAX_SUBJECT_LENGTH + " characters");
        }
        Optional<RegisteredSchema> existing = find(subject, schema);
        if (existing.isPresent()) {
            return existing.get();
        }
        if (!isCompatible(subject, schema)) {
            throw new RegistryException(
                    RegistryException.INCOMPATIBLE,
                    "schema cannot read what the latest version of " + subject + " wrote");
        }
        int id = idsByText.getOrDefault(schema.toString(), 1 + greatest(schemas.keySet()));
        int version = 1
                + versions(subject).stream()
                        .mapToInt(RegisteredSchema::version)
                        .max()
                        .orElse(0);
        return new RegisteredSchema(subject, id, version, schema);
    }

    /** Takes in a version that was planned, or read back from storage. The same again changes nothing. */
    public synchronized void add(RegisteredSchema added) {
        List<RegisteredSchema> versions = subjects.computeIfAbsent(added.subject(), subject -> new ArrayList<>());
        versions.removeIf(known -> known.version() == added.version());
        versions.add(added);
        versions.sort((a, b) -> Integer.compare(a.version(), b.version()));
        schemas.put(added.id(), added.schema());
        idsByText.put(added.schema().toString(), added.id());
    }

    /** The version of the subject that has this schema. */
    public synchronized Optional<RegisteredSchema> find(String subject, Schema schema) {
        String text = schema.toString();
        return versions(subject).stream()
                .filter(version -> version.schema().toString().equals(text))
                .findFirst();
    }

    public synchronized Optional<Schema> schemaOf(int id) {
        return Optional.ofNullable(schemas.get(id));
    }

    /** Versions of a subject in ascending order; empty for an unknown one. */
    public synchronized List<RegisteredSchema> versions(String subject) {
        return List.copyOf(subjects.getOrDefault(subject, List.of()));
    }

    /** All subjects in alphabetical order. */
    public synchronized List<String> subjects() {
        return List.copyOf(subjects.keySet());
    }

    /** Whether the schema can read what the subject's latest version wrote; true for an unknown subject. */
    public synchronized boolean isCompatible(String subject, Schema schema) {
        List<RegisteredSchema> versions = versions(subject);
        if (versions.isEmpty()) {
            return true;
        }
        Schema latest = versions.get(versions.size() - 1).schema();
        return SchemaCompatibility.checkReaderWriterCompatibility(schema, latest)
                        .getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }

    private static int greatest(Iterable<Integer> ids) {
        int greatest = 0;
        for (int id : ids) {
            greatest = Math.max(greatest, id);
        }
        return greatest;
    }
}
