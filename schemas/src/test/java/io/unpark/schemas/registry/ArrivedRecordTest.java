package io.unpark.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.Records;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class ArrivedRecordTest {
    private static final String TOPIC = "go-race-reports";

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final TopicSerdes serdes = new TopicSerdes(registry, true);

    @Test
    void whatOurOwnSchemaWroteIsKeptAsItCame() {
        StateSerde<RaceReport> states = new StateSerde<>(RaceReport.class);
        RaceReport report = Records.race("WARNING: DATA RACE");
        byte[] wire = serdes.value(Topics.RACE_REPORTS).serializer().serialize(TOPIC, report);

        ArrivedRecord<RaceReport> arrived =
                serdes.arriving(Topics.RACE_REPORTS, states).deserialize(TOPIC, wire);

        assertThat(arrived.value()).isEqualTo(report);
        assertThat(arrived.toState()).isEqualTo(states.serializer().serialize("", report));
        assertThat(serdes.arriving(Topics.RACE_REPORTS, states).deserialize(TOPIC, null))
                .isNull();
    }

    @Test
    void whatAnotherSchemaWroteIsWrittenAnew() {
        Schema older = SchemaBuilder.record("io.unpark.schemas.record.Instance")
                .fields()
                .requiredString("service")
                .requiredString("name")
                .requiredString("namespace")
                .endRecord();
        int id = registry.register("t-value", older);
        byte[] wire = HexFormat.of().parseHex("00" + HexFormat.of().toHexDigits(id) + "0273" + "026e" + "00");
        StateSerde<Instance> states = new StateSerde<>(Instance.class);

        ArrivedRecord<Instance> arrived = ArrivedRecord.reader(
                        new ConfluentAvroDeserializer<>(registry, Instance.class), states)
                .deserialize("t", wire);

        assertThat(arrived.value()).isEqualTo(new Instance("", "s", "n", ""));
        assertThat(states.deserializer().deserialize("", arrived.toState())).isEqualTo(arrived.value());
    }

    @Test
    void aRegistrysTextHasTheLayoutOfOurSchemaThoughItIsNotEqual() {
        registry.register("t-value", RaceReport.getClassSchema());
        Schema written = registry.latest("t-value").schema();

        assertThat(written).isNotEqualTo(RaceReport.getClassSchema());
        assertThat(new AvroCodec<>(RaceReport.class).hasOwnLayout(written)).isTrue();
        assertThat(new AvroCodec<>(RaceReport.class).hasOwnLayout(Instance.getClassSchema()))
                .isFalse();
    }
}
