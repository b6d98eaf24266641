package io.unpark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** What DESIGN asks of every record: docs on all fields, units in names, enums that can grow. */
final class SchemaRulesTest {
    private static final Pattern TIME_NAME = Pattern.compile(
            "(.*_)?(start|end|expired|deadline|duration|latency|seen|running|runnable|syscall|assist|world|blocked|cpu|busy"
                    + "|late|clock|captured|reported|updated|elapsed|time|age)");
    private static final Pattern TIME_DOC =
            Pattern.compile("(?i).*(nanoseconds|wall clock|\\btime (that|spent|blocked)).*");
    private static final Pattern SIZE_NAME = Pattern.compile("(.*_)?(heap|memory|size|goal)");

    /** Counts, although their names speak of times. */
    private static final Set<String> COUNTS = Set.of(
            "RouteEdge.with_deadline", "RouteWindow.latency", "RuntimeWindow.sched_latency", "RequestSegment.late");

    @Test
    void allRecordsAndFieldsHaveDocs() {
        for (Schema schema : named()) {
            assertThat(schema.getDoc()).as(schema.getFullName()).isNotBlank();
            for (Schema.Field field : fields(schema)) {
                assertThat(field.doc()).as(name(schema, field)).isNotBlank().endsWith(".");
            }
        }
    }

    @Test
    void timesAndSizesCarryTheirUnit() {
        for (Schema schema : named()) {
            for (Schema.Field field : fields(schema)) {
                String name = name(schema, field);
                if (COUNTS.contains(name)) {
                    continue;
                }
                assertThat(TIME_NAME.matcher(field.name()).matches())
                        .as(name + " needs _ns")
                        .isFalse();
                assertThat(SIZE_NAME.matcher(field.name()).matches())
                        .as(name + " needs _bytes")
                        .isFalse();
                if (isNumber(field.schema()) && TIME_DOC.matcher(field.doc()).matches()) {
                    assertThat(field.name()).as(name).endsWith("_ns");
                }
            }
        }
    }

    @Test
    void enumsHaveADefaultForSymbolsOfLaterReleases() {
        for (Schema schema : named()) {
            if (schema.getType() == Schema.Type.ENUM) {
                assertThat(schema.getEnumDefault()).as(schema.getFullName()).isEqualTo("UNKNOWN");
            }
        }
    }

    private static boolean isNumber(Schema schema) {
        return schema.getType() == Schema.Type.LONG || schema.getType() == Schema.Type.INT;
    }

    private static List<Schema.Field> fields(Schema schema) {
        return schema.getType() == Schema.Type.RECORD ? schema.getFields() : List.of();
    }

    private static String name(Schema schema, Schema.Field field) {
        return schema.getName() + "." + field.name();
    }

    /** Every record and enum that travels on a topic, nested ones too. */
    private static Set<Schema> named() {
        Set<Schema> found = new LinkedHashSet<>();
        List<Schema> open = new ArrayList<>();
        Topics.all().forEach(topic -> topic.valueSchema().ifPresent(open::add));
        while (!open.isEmpty()) {
            Schema schema = open.remove(open.size() - 1);
            switch (schema.getType()) {
                case RECORD -> {
                    if (found.add(schema)) {
                        schema.getFields().forEach(field -> open.add(field.schema()));
                    }
                }
                case ENUM, FIXED -> found.add(schema);
                case ARRAY -> open.add(schema.getElementType());
                case MAP -> open.add(schema.getValueType());
                case UNION -> open.addAll(schema.getTypes());
                case STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
            }
        }
        assertThat(found).hasSizeGreaterThan(20);
        return found;
    }
}
