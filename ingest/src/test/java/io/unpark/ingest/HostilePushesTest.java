package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.unpark.ingest.Collector.Answer;
import io.unpark.schemas.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that were made to hurt, against a real broker; infra/soak/collector.sh has more of them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostilePushesTest {
    private static final String TRACE = "/ingest/v1/trace?instance=i&service=";
    private static final String RACE = "/ingest/v1/race?instance=i&service=";
    private static final int MALFORMED = 300;

    @TempDir
    static Path dataDir;

    private static Broker broker;
    private static Collector collector;

    @BeforeAll
    static void start() throws IOException {
        broker = new Broker(dataDir);
        collector = new Collector(broker.bootstrap(), IngestLimits.DEFAULT, Collector.serdes(), Map.of());
    }

    @AfterAll
    static void stop() {
        collector.close();
        broker.close();
    }

    @Test
    void malformedPushesAreRefusedAndCostNothingElse() throws Exception {
        // Given: traces with bytes changed, cut, doubled, and plain noise
        Random random = new Random(5);
        Map<Integer, Integer> byStatus = new TreeMap<>();
        for (int i = 0; i < MALFORMED; i++) {
            Answer answer = collector.post(TRACE + "bad", malformed(random), "Unpark-Capture", "c" + i);
            byStatus.merge(answer.status(), 1, Integer::sum);
        }

        // Then: each has an answer that is the client's fault, but for those that were only changed where nobody looks
        // here
        assertThat(byStatus.keySet()).isSubsetOf(202, 400, 413, 415, 422);
        assertThat(byStatus.get(400)).isGreaterThan(MALFORMED / 3);
        Answer good = collector.post(TRACE + "good", SmallTraces.generations(3));
        assertThat(good.status()).isEqualTo(202);
        assertThat(broker.records(Topics.TRACE_CHUNKS.name(), "/good/i")).hasSize(3);
        assertThat(collector.routes.status().runningPushes()).isZero();
    }

    private static byte[] malformed(Random random) throws IOException {
        byte[] trace = SmallTraces.generations(3);
        switch (random.nextInt(5)) {
            case 0 -> random.nextBytes(trace);
            case 1 -> trace = Arrays.copyOf(trace, random.nextInt(trace.length));
            case 2 -> trace[random.nextInt(trace.length)] ^= (byte) (1 << random.nextInt(8));
            case 3 -> Arrays.fill(trace, 16 + random.nextInt(50), trace.length, (byte) 0xff);
            default -> {
                byte[] packed = Compress.values()[1 + random.nextInt(3)].of(trace);
                packed[random.nextInt(packed.length)] ^= (byte) (1 << random.nextInt(8));
                return packed;
            }
        }
        return trace;
    }

    @Test
    void bombsAreRefusedEarly() throws Exception {
        // Given: a good beginning, and then a gigabyte of nothing in a megabyte
        for (Compress compress : new Compress[] {Compress.GZIP, Compress.ZSTD}) {
            byte[] bomb = bomb(compress);
            long beganNs = System.nanoTime();

            Answer trace = collector.post(TRACE + "bomb", bomb);
            Answer race = collector.post(RACE + "bomb", bomb);

            assertThat(trace.status()).isBetween(400, 413);
            assertThat(race.status()).isEqualTo(413);
            assertThat(race.body().get("detail").asText()).contains("times as many");
            assertThat(System.nanoTime() - beganNs).isLessThan(20_000_000_000L);
        }
    }

    @Test
    void whatIsCompressedTwiceIsRefused() throws Exception {
        byte[] trace = SmallTraces.generations(3);
        for (Compress inner : new Compress[] {Compress.GZIP, Compress.ZSTD, Compress.XZ}) {
            for (Compress outer : new Compress[] {Compress.GZIP, Compress.ZSTD, Compress.XZ}) {
                byte[] nested = outer.of(inner.of(trace));

                assertThat(collector.post(TRACE + "nested", nested).status()).isEqualTo(415);
                assertThat(collector.post(RACE + "nested", nested).status()).isEqualTo(415);
            }
        }
        byte[] nestedBomb = Compress.GZIP.of(bomb(Compress.GZIP));
        assertThat(collector.post(RACE + "nested", nestedBomb).status()).isEqualTo(415);
    }

    @Test
    void aHugeWindowIsRefusedBeforeItIsAllocated() throws Exception {
        byte[] trace = SmallTraces.generations(3);
        ByteArrayOutputStream zstd = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdOutputStreamNoFinalizer(zstd).setLong(27)) {
            out.write(trace);
        }
        byte[] xz = withWindowOf128MiB(Compress.XZ.of(trace));

        for (byte[] body : new byte[][] {zstd.toByteArray(), xz}) {
            Answer answer = collector.post(TRACE + "window", body);

            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(413);
            assertThat(answer.body().get("detail").asText()).contains("window");
        }
    }

    /** Of a block's header: its size, flags, the filter LZMA2 with one byte that says the window, and a checksum. */
    private static byte[] withWindowOf128MiB(byte[] xz) {
        int header = 12;
        xz[header + 4] = 30;
        CRC32 crc = new CRC32();
        crc.update(xz, header, 8);
        ByteBuffer.wrap(xz).order(ByteOrder.LITTLE_ENDIAN).putInt(header + 8, (int) crc.getValue());
        return xz;
    }

    private static byte[] bomb(Compress compress) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out =
                compress == Compress.GZIP ? new GZIPOutputStream(packed) : new ZstdOutputStreamNoFinalizer(packed)) {
            out.write(SmallTraces.generations(1));
            byte[] nothing = new byte[1 << 20];
            for (int i = 0; i < 200; i++) {
                out.write(nothing);
            }
        }
        return packed.toByteArray();
    }
}
