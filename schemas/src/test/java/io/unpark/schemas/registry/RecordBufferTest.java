package io.unpark.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Writes what Avro's own encoder writes. */
class RecordBufferTest {
    private static final List<String> TEXTS = List.of(
            "", "a", "main.(*server).handle", "größer", "\uD83D\uDE00 \u0000", "x".repeat(257), "ü".repeat(5_000));
    private static final long[] NUMBERS = {0, -1, 1, 63, -64, 64, 8191, -8193, Integer.MIN_VALUE, Integer.MAX_VALUE};

    @Test
    void everythingIsWrittenAsAvroDoesWhateverWasWrittenBefore() throws IOException {
        RecordBuffer buffer = new RecordBuffer();
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            long seed = random.nextLong();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(expected, null);
            write(avro, new Random(seed));
            avro.flush();

            buffer.begin(new byte[] {7});
            write(buffer, new Random(seed));

            assertThat(buffer.toBytes()).hasSize(buffer.size()).startsWith(7);
            assertThat(ByteBuffer.wrap(buffer.toBytes(), 1, buffer.size() - 1).slice())
                    .isEqualTo(ByteBuffer.wrap(expected.toByteArray()));
        }
    }

    private static void write(BinaryEncoder to, Random random) throws IOException {
        for (int i = 0; i < 40; i++) {
            switch (random.nextInt(9)) {
                case 0 -> to.writeBoolean(random.nextBoolean());
                case 1 -> to.writeInt((int) NUMBERS[random.nextInt(NUMBERS.length)]);
                case 2 -> to.writeLong(random.nextBoolean() ? random.nextLong() : NUMBERS[random.nextInt(10)]);
                case 3 -> to.writeDouble(random.nextDouble());
                case 4 -> to.writeFloat(random.nextFloat());
                case 5 -> to.writeBytes(ByteBuffer.wrap(new byte[9], 2, random.nextInt(7)));
                case 6 -> writeArray(to, random);
                case 7 -> to.writeNull();
                default -> to.writeString(TEXTS.get(random.nextInt(TEXTS.size())) + random.nextInt(3));
            }
        }
    }

    private static void writeArray(BinaryEncoder to, Random random) throws IOException {
        int items = random.nextInt(3);
        to.writeArrayStart();
        to.setItemCount(items);
        for (int i = 0; i < items; i++) {
            to.startItem();
            to.writeEnum(random.nextInt(200));
        }
        to.writeArrayEnd();
    }
}
