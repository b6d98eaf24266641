package io.unpark.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.schemas.Records;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

final class StateSerdeTest {
    private static final Schema EARLIER = SchemaBuilder.record("io.unpark.schemas.record.Instance")
            .fields()
            .requiredString("service")
            .requiredString("name")
            .requiredString("namespace")
            .endRecord();

    @Test
    void whatIsWrittenIsReadBack() {
        var serde = new StateSerde<>(RaceReport.class);
        RaceReport report = Records.race("WARNING: DATA RACE");

        byte[] bytes = serde.serializer().serialize("store", report);

        assertThat(serde.deserializer().deserialize("store", bytes)).isEqualTo(report);
        assertThat(bytes).startsWith(0xC3, 0x01);
        assertThat(serde.serializer().serialize("store", null)).isNull();
        assertThat(serde.deserializer().deserialize("store", null)).isNull();
    }

    @Test
    void stateOfAnEarlierReleaseIsReadWhenItsSchemaIsGiven() {
        byte[] bytes = ByteBuffer.allocate(15)
                .putShort((short) 0xC301)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(SchemaNormalization.parsingFingerprint64(EARLIER))
                .put(new byte[] {2, 's', 2, 'n', 0})
                .array();

        assertThat(new StateSerde<>(Instance.class, EARLIER).deserializer().deserialize("store", bytes))
                .isEqualTo(new Instance("", "s", "n", ""));
        assertThatThrownBy(() -> new StateSerde<>(Instance.class).deserializer().deserialize("store", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("another version of Instance");
    }

    @Test
    void otherBytesAreRefused() {
        var serde = new StateSerde<>(Instance.class);
        byte[] whole = serde.serializer().serialize("store", Records.instance());

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> serde.deserializer().deserialize("store", cut))
                    .isInstanceOf(SerializationException.class);
        }
    }
}
