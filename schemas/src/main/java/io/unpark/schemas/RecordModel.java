package io.unpark.schemas;

import io.unpark.schemas.record.Instance;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/**
 * Avro's model of generated classes, for those of this project only. Avro 1.12.2 loads no class by name unless a switch of the
 * whole process trusts its package; names come from outside, so the trust is given here and to one package. The build puts this
 * model into the generated classes.
 */
public final class RecordModel extends SpecificData {
    /** The only one: it has no state but a cache. */
    public static final RecordModel INSTANCE = new RecordModel();

    private static final String PACKAGE = Instance.class.getPackageName();

    private final Map<String, Class<?>> classes = new ConcurrentHashMap<>();

    private RecordModel() {
        super(Instance.class.getClassLoader());
    }

    @Override
    public Class<?> getClass(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> PACKAGE.equals(schema.getNamespace()) ? known(schema.getFullName()) : null;
            case ARRAY, MAP, UNION, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> super.getClass(schema);
        };
    }

    /** Unknown names are not kept, so that inventing them fills no memory; Avro reads a generic record for them. */
    private Class<?> known(String name) {
        try {
            Class<?> known = classes.get(name);
            if (known == null) {
                known = Class.forName(name, true, getClassLoader());
                classes.put(name, known);
            }
            return known;
        } catch (ClassNotFoundException e) {
            return null;
        }
    }
}
