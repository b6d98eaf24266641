package io.unpark.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.unpark.schemas.Records;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.TraceChunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every byte string is either a record or a SerializationException, and its cost is bounded by its own length. */
final class HostileBytesTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MAX_ALLOCATED_BYTES = 1 << 20;
    private static final List<String> LENGTHS =
            List.of("1073741824", "2147483639", "2147483647", "4294967296", "9223372036854775807", "-2147483648", "-1");

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @BeforeEach
    void loadClasses() {
        // so that the measured allocations are the decoder's own
        byte[] bytes =
                new ConfluentAvroSerializer<TraceChunk>(registry, true).serialize("t", Records.chunk(new byte[1]));
        new ConfluentAvroDeserializer<>(registry, TraceChunk.class).deserialize("t", bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "00000000", "0100000001", "7b2261223a317d"})
    void whatHasNoHeaderIsRefused(String hex) {
        assertRefused(() -> new ConfluentAvroDeserializer<>(registry, Instance.class)
                .deserialize("t", HexFormat.of().parseHex(hex)));
    }

    @Test
    void anUnknownIdIsRefusedByName() {
        assertThatThrownBy(() -> new ConfluentAvroDeserializer<>(registry, Instance.class)
                        .deserialize("t", WireFormat.header(77)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("id 77");
    }

    @Test
    void everyTruncationAndEverythingBehindTheEndIsRefused() {
        byte[] whole = new ConfluentAvroSerializer<TraceChunk>(registry, true)
                .serialize("t", Records.chunk(new byte[] {1, 2, 3}));
        var deserializer = new ConfluentAvroDeserializer<>(registry, TraceChunk.class);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertRefused(() -> deserializer.deserialize("t", cut));
        }
        assertRefused(() -> deserializer.deserialize("t", Arrays.copyOf(whole, whole.length + 1)));
    }

    @Test
    void everyFlippedByteIsARecordOrARefusal() {
        byte[] whole = new ConfluentAvroSerializer<TraceChunk>(registry, true)
                .serialize("t", Records.chunk(new byte[] {1, 2, 3}));
        var deserializer = new ConfluentAvroDeserializer<>(registry, TraceChunk.class);
        Random random = new Random(1);

        for (int round = 0; round < 5_000; round++) {
            byte[] broken = whole.clone();
            broken[5 + random.nextInt(whole.length - 5)] = (byte) random.nextInt();
            try {
                assertThat(deserializer.deserialize("t", broken)).isNotNull();
            } catch (SerializationException e) {
                assertThat(e).hasMessageContaining("TraceChunk");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Anomaly,summary",
        "TraceChunk,bytes",
        "RouteWindow,latency",
        "Anomaly,cause",
        "Anomaly,evidence",
        "RuntimeWindow,goroutines_by_reason"
    })
    void hugeLengthsAreRefusedBeforeTheyAreAllocated(String record, String field) throws Exception {
        Class<? extends SpecificRecord> type =
                Class.forName(Instance.class.getPackageName() + "." + record).asSubclass(SpecificRecord.class);
        Schema reader = SpecificData.get().getSchema(type);
        Schema.Field first = reader.getField(field);

        for (String length : LENGTHS) {
            assertBounded(type, first.schema(), field, Long.parseLong(length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"string", "bytes", "array", "map", "nulls", "empties", "map of arrays"})
    void hugeLengthsOfUnknownFieldsAreRefusedToo(String type) throws Exception {
        for (String length : LENGTHS) {
            assertBounded(Anomaly.class, unknown(type), "unknown", Long.parseLong(length));
        }
    }

    /** The writer has the reader's fields, but this one first. */
    private <T extends SpecificRecord> void assertBounded(Class<T> type, Schema schema, String name, long length)
            throws IOException {
        AvroCodec<T> codec = new AvroCodec<>(type);
        List<Schema.Field> fields = new ArrayList<>();
        fields.add(new Schema.Field(name, schema));
        for (Schema.Field field : codec.schema().getFields()) {
            if (!field.name().equals(name)) {
                fields.add(new Schema.Field(field, field.schema()));
            }
        }
        Schema writer = Schema.createRecord(
                codec.schema().getName(), null, codec.schema().getNamespace(), false, fields);
        assertRefused(() -> codec.decode(writer, bytes(1), 0)); // and warms up what is made once for each writer
        byte[] claims = bytes(length);

        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertRefused(() -> codec.decode(writer, claims, 0));

        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                .as("%s %s of length %d", name, schema.getType(), length)
                .isLessThan(MAX_ALLOCATED_BYTES);
    }

    private static Schema unknown(String type) {
        return switch (type) {
            case "string" -> Schema.create(Schema.Type.STRING);
            case "bytes" -> Schema.create(Schema.Type.BYTES);
            case "array" -> SchemaBuilder.array().items().stringType();
            case "map" -> SchemaBuilder.map().values().stringType();
            case "nulls" -> SchemaBuilder.array().items().nullType();
            case "empties" ->
                SchemaBuilder.array()
                        .items(SchemaBuilder.record("Empty").fields().endRecord());
            case "map of arrays" ->
                SchemaBuilder.map().values(SchemaBuilder.array().items().longType());
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static byte[] bytes(long length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        encoder.writeLong(length);
        encoder.writeLong(3);
        encoder.writeLong(3);
        return out.toByteArray();
    }

    @Test
    void nestingWithoutEndIsRefused() {
        Schema writer = new Schema.Parser().parse("""
                        {"type": "record", "name": "io.unpark.schemas.record.Instance", "fields": [
                          {"name": "service", "type": "string"},
                          {"name": "name", "type": "string"},
                          {"name": "namespace", "type": "string"},
                          {"name": "unknown", "type": {"type": "record", "name": "a.Node", "fields": [
                            {"name": "next", "type": ["null", "a.Node"]}]}}]}""");
        int id = registry.register("deep", writer);
        byte[] bytes = new byte[5 << 20];
        Arrays.fill(bytes, (byte) 2); // "next" is there, and again
        System.arraycopy(WireFormat.header(id), 0, bytes, 0, WireFormat.HEADER_BYTES);
        System.arraycopy(HexFormat.of().parseHex("0273026e00"), 0, bytes, WireFormat.HEADER_BYTES, 5);

        assertRefused(() -> new ConfluentAvroDeserializer<>(registry, Instance.class).deserialize("t", bytes));
    }

    @Test
    void aRecordBeyondTheLimitIsRefusedBothWays() {
        byte[] tooLong = new byte[AvroCodec.MAX_RECORD_BYTES + 1];
        var codec = new AvroCodec<>(TraceChunk.class);

        assertRefused(() -> codec.encode(new byte[0], Records.chunk(tooLong)));
        assertRefused(() -> codec.decode(codec.schema(), tooLong, 0));
    }

    private static void assertRefused(ThrowingCallable decoding) {
        assertThatThrownBy(decoding).isInstanceOf(SerializationException.class);
    }
}
