package io.unpark.schemas.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.schemas.record.Advice;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Confidence;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.Place;
import io.unpark.schemas.record.Severity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class RecordConverterTest {
    private static final Map<String, Object> EVIDENCE =
            new TreeMap<>(Map.of("instances", 2L, "names", List.of("a", "b\"c"), "sure", true, "why", "stuck"));

    private static Struct converted(boolean collectionsAsJson) {
        Anomaly anomaly = Anomaly.newBuilder()
                .setId("f00d")
                .setKind("goroutine_leak")
                .setInstance(new Instance("", "orders", "orders-1", "v1"))
                .setPlace(new Place("main.quote", "quote.go", 27, "main.handle", "GET /quote"))
                .setSeverity(Severity.CRITICAL)
                .setConfidence(Confidence.CERTAIN)
                .setCount(17)
                .setFirstSeenNs(1)
                .setLastSeenNs(2)
                .setSummary("one sentence")
                .setEvidence(EVIDENCE)
                .setAdvice(new Advice("fix it", "trace", "doc"))
                .setWorstFindingId("beef")
                .build();
        ConnectSchemas schemas = new ConnectSchemas(collectionsAsJson);
        Schema schema = schemas.of(anomaly.getSchema());
        Struct struct = (Struct) schemas.value(schema, anomaly.getSchema(), anomaly);
        struct.validate();
        return struct;
    }

    @Test
    void anAnomalyKeepsItsShape() {
        Struct it = converted(false);

        assertThat(it.getString("id")).isEqualTo("f00d");
        assertThat(it.getString("severity")).isEqualTo("CRITICAL");
        assertThat(it.getInt64("count")).isEqualTo(17);
        assertThat(it.getStruct("instance").getString("service")).isEqualTo("orders");
        assertThat(it.<String, String>getMap("evidence")).containsEntry("instances", "2");
        assertThat(it.getArray("cause")).isEmpty();
    }

    @Test
    void collectionsBecomeTextWhereATableNeedsIt() {
        Struct it = converted(true);

        assertThat(it.getString("evidence"))
                .contains("\"instances\": 2", "\"names\": [\"a\", \"b\\\"c\"]", "\"sure\": true", "\"why\": \"stuck\"");
        assertThat(it.getString("cause")).isEqualTo("[]");
        assertThat(it.schema().fields())
                .noneMatch(field -> field.schema().type() == Schema.Type.MAP
                        || field.schema().type() == Schema.Type.ARRAY);
    }

    @Test
    void aTombstoneStaysOne() {
        RecordConverter converter = new RecordConverter();
        converter.configure(Map.of("schema.registry.url", "http://127.0.0.1:1"), false);

        assertThat(converter.toConnectData("go-anomalies", null)).isEqualTo(SchemaAndValue.NULL);
    }

    @Test
    void whatIsNoRecordIsRefusedForGood() {
        RecordConverter converter = new RecordConverter();
        converter.configure(Map.of("schema.registry.url", "http://127.0.0.1:1"), false);

        assertThatThrownBy(() -> converter.toConnectData("go-anomalies", new byte[] {7, 7}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("go-anomalies");
    }

    @Test
    void keysAndWritingAreRefused() {
        RecordConverter converter = new RecordConverter();

        assertThatThrownBy(() -> converter.configure(Map.of(), true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("StringConverter");
        assertThatThrownBy(() -> converter.fromConnectData("go-anomalies", null, null))
                .isInstanceOf(DataException.class);
    }
}
