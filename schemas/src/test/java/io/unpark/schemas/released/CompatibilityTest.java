package io.unpark.schemas.released;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check itself, on schemas of its own: what it lets through is really read, what it refuses is really lost. */
class CompatibilityTest {
    private static final String TOPIC = "things";
    private static final String COLOUR = "{\"name\":\"colour\",\"type\":{\"type\":\"enum\",\"name\":\"Colour\","
            + "\"symbols\":[\"UNKNOWN\",\"RED\"],\"default\":\"UNKNOWN\"}}";
    private static final String MORE_COLOURS = COLOUR.replace("\"RED\"", "\"RED\",\"BLUE\"");
    private static final String NAME = "{\"name\":\"name\",\"type\":\"string\"}";
    private static final String NEW_WITH_DEFAULT = "{\"name\":\"size\",\"type\":\"int\",\"default\":7}";
    private static final String NEW_WITHOUT_DEFAULT = "{\"name\":\"size\",\"type\":\"int\"}";
    private static final Schema FIRST = record(NAME, COLOUR);

    @Test
    void aFieldWithADefaultGoesBothWays() throws IOException {
        Schema next = record(NAME, COLOUR, NEW_WITH_DEFAULT);

        assertThat(checked(next, Map.of("0.1", FIRST))).isEmpty();
        assertThat(read(written(FIRST, "RED"), FIRST, next).get("size")).isEqualTo(7);
        assertThat(read(written(next, "RED"), next, FIRST).get("name")).hasToString("it");
    }

    @Test
    void aFieldWithoutADefaultIsRefused() {
        assertThat(checked(record(NAME, COLOUR, NEW_WITHOUT_DEFAULT), Map.of("0.1", FIRST)))
                .singleElement()
                .asString()
                .contains("things", "release 0.1", "READER_FIELD_MISSING_DEFAULT_VALUE", "size");
    }

    @Test
    void aFieldThatIsTakenAwayIsRefusedWhereOldConsumersRead() {
        Schema next = record(COLOUR);
        Map<String, Schema> releases = Map.of("0.1", FIRST);

        assertThat(checked(next, releases))
                .singleElement()
                .asString()
                .contains("release 0.1 cannot read what is written now", "name");
        assertThat(Compatibility.violations(Map.of(TOPIC, next), byRelease(releases), Set.of()))
                .as("nobody else reads it")
                .isEmpty();
    }

    @Test
    void aNewSymbolIsReadAsTheDefaultByOldConsumers() throws IOException {
        Schema next = record(NAME, MORE_COLOURS);

        assertThat(checked(next, Map.of("0.1", FIRST))).isEmpty();
        assertThat(read(written(next, "BLUE"), next, FIRST).get("colour")).hasToString("UNKNOWN");
    }

    @Test
    void aNewSymbolIsRefusedWhenTheEnumHasNoDefault() {
        String noDefault = ",\"default\":\"UNKNOWN\"";
        Schema first = record(NAME, COLOUR.replace(noDefault, ""));
        Schema next = record(NAME, MORE_COLOURS.replace(noDefault, ""));

        assertThat(checked(next, Map.of("0.1", first)))
                .singleElement()
                .asString()
                .contains("MISSING_ENUM_SYMBOLS", "BLUE");
    }

    @Test
    void anOtherTypeIsRefusedBothWays() {
        Schema next = record(NAME.replace("string", "long"), COLOUR);

        assertThat(checked(next, Map.of("0.1", FIRST))).hasSize(2).allMatch(it -> it.contains("TYPE_MISMATCH"));
    }

    @Test
    void everyReleaseCountsNotOnlyTheLast() {
        // Given a field that the first release lacked, and that had no default in the second either
        Schema second = record(NAME, COLOUR, NEW_WITHOUT_DEFAULT);

        assertThat(checked(second, Map.of("0.1", FIRST, "0.2", second)))
                .singleElement()
                .asString()
                .contains("release 0.1");
    }

    @Test
    void aTopicThatIsGoneIsRefusedAndANewOneIsFine() {
        assertThat(Compatibility.violations(
                        Map.of("others", FIRST), byRelease(Map.of("0.1", FIRST)), Set.of("others", TOPIC)))
                .containsExactly("things: is in release 0.1 and gone now");
    }

    @Test
    void aReleaseIsWrittenOnce(@TempDir Path folder) throws IOException {
        Snapshots.write(folder, "0.1", Map.of(TOPIC, FIRST));

        assertThatThrownBy(() -> Snapshots.write(folder, "0.1", Map.of(TOPIC, FIRST)))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Snapshots.read(folder)).isEqualTo(byRelease(Map.of("0.1", FIRST)));
    }

    private static List<String> checked(Schema now, Map<String, Schema> releases) {
        return Compatibility.violations(Map.of(TOPIC, now), byRelease(releases), Set.of(TOPIC));
    }

    private static Map<String, Map<String, Schema>> byRelease(Map<String, Schema> releases) {
        Map<String, Map<String, Schema>> byRelease = new TreeMap<>();
        releases.forEach((release, schema) -> byRelease.put(release, Map.of(TOPIC, schema)));
        return byRelease;
    }

    private static Schema record(String... fields) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Thing\",\"fields\":[" + String.join(",", fields) + "]}");
    }

    private static byte[] written(Schema schema, String colour) throws IOException {
        Schema colours = schema.getField("colour").schema();
        GenericRecord record = new GenericRecordBuilder(schema)
                .set("name", "it")
                .set("colour", new GenericData.EnumSymbol(colours, colour))
                .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static GenericRecord read(byte[] bytes, Schema writer, Schema reader) throws IOException {
        return new GenericDatumReader<GenericRecord>(writer, reader)
                .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }
}
