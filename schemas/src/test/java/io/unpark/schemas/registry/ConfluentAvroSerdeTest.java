package io.unpark.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.schemas.Records;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.TraceChunk;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

final class ConfluentAvroSerdeTest {
    private static final String TOPIC = "go-trace-chunks";
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final TopicSerdes serdes = new TopicSerdes(registry, true);

    @Test
    void whatIsWrittenIsReadBack() {
        Serde<TraceChunk> serde = serdes.value(Topics.TRACE_CHUNKS);
        TraceChunk chunk = Records.chunk(new byte[] {1, 2, 3});

        TraceChunk read =
                serde.deserializer().deserialize(TOPIC, serde.serializer().serialize(TOPIC, chunk));

        assertThat(read).isEqualTo(chunk);
        assertThat(read.getInstance().getService()).isInstanceOf(String.class).isEqualTo("orders");
    }

    @Test
    void tombstonesStayNull() {
        Serde<TraceChunk> serde = serdes.value(Topics.TRACE_CHUNKS);

        assertThat(serde.serializer().serialize(TOPIC, null)).isNull();
        assertThat(serde.deserializer().deserialize(TOPIC, null)).isNull();
    }

    @Test
    void bytesAreMagicIdAndAvro() {
        registry.register("other-value", SchemaBuilder.builder().intType());
        var serializer = new ConfluentAvroSerializer<Instance>(registry, true);

        byte[] bytes = serializer.serialize("t", new Instance("", "ab", "c", ""));

        // magic 0, id 2 big-endian; Avro: "", "ab", "c", "", each a zigzag length and UTF-8
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("00" + "00000002" + "00" + "046162" + "0263" + "00");
        assertThat(registry.latest("t-value").id()).isEqualTo(2);
    }

    @Test
    void registeredTextIsThatOfTheSchemaFile() {
        registry.register("t-value", Instance.getClassSchema());

        assertThat(registry.latest("t-value").schema().toString()).doesNotContain("avro.java.string");
        assertThat(registry.latest("t-value").schema().getField("service").schema())
                .isEqualTo(Schema.create(Schema.Type.STRING));
    }

    @Test
    void anotherWritersSchemaIsResolved() {
        // Given a producer with an older schema: no version, a field that we don't know
        Schema older = SchemaBuilder.record("io.unpark.schemas.record.Instance")
                .fields()
                .requiredString("service")
                .requiredInt("unknown")
                .requiredString("name")
                .requiredString("namespace")
                .endRecord();
        int id = registry.register("t-value", older);
        byte[] bytes = HexFormat.of().parseHex("00" + HexFormat.of().toHexDigits(id) + "0273" + "2a" + "026e" + "00");

        Instance read = new ConfluentAvroDeserializer<>(registry, Instance.class).deserialize("t", bytes);

        assertThat(read).isEqualTo(new Instance("", "s", "n", ""));
    }

    @Test
    void withoutAClassTheRecordsNameDecides() {
        byte[] bytes = new ConfluentAvroSerializer<>(registry, true).serialize(TOPIC, Records.chunk(new byte[9]));
        var deserializer = new ConfluentAvroDeserializer<>(registry);

        SpecificRecord read = deserializer.deserialize(TOPIC, bytes);

        assertThat(read).isInstanceOf(TraceChunk.class);
    }

    @Test
    void withoutAClassNoOtherClassIsLoaded() {
        int id = registry.register(
                "t-value", SchemaBuilder.record("java.lang.Runtime").fields().endRecord());
        var deserializer = new ConfluentAvroDeserializer<>(registry);

        assertThatThrownBy(() -> deserializer.deserialize("t", WireFormat.header(id)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("java.lang.Runtime");
    }

    @Test
    void withoutAutoRegistrationAnUnknownSchemaIsRefused() {
        var serializer = new ConfluentAvroSerializer<Instance>(registry, false);

        assertThatThrownBy(() -> serializer.serialize("t", Records.instance()))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(RegistryException.SUBJECT_NOT_FOUND));
    }
}
