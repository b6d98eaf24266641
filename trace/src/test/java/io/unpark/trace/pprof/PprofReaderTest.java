package io.unpark.trace.pprof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.testkit.GoTool;
import io.unpark.trace.pprof.PprofFormatException.Reason;
import io.unpark.trace.pprof.PprofProfile.Sample;
import io.unpark.trace.pprof.PprofProfile.ValueType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Profiles of a real program of Go 1.26 (analysis/…/profile/profiled.go), and what is made of broken ones. */
class PprofReaderTest {
    private static final Pattern RAW_SAMPLE = Pattern.compile("^ *([0-9 ]+): ([0-9 ]*)$");
    private static final int ROUNDS = 1_000;

    @Test
    void readsAGoroutineLeakProfile() throws IOException {
        PprofProfile profile = PprofReader.read(recorded("goroutineleak"), PprofLimits.DEFAULT);

        assertThat(profile.sampleTypes()).containsExactly(new ValueType("goroutineleak", "count"));
        assertThat(profile.timeNanos()).isBetween(1_790_000_000_000_000_000L, 1_800_000_000_000_000_000L);
        assertThat(profile.samples()).extracting(Sample::values).containsExactly(List.of(200L), List.of(200L));
        assertThat(profile.samples().get(0).frames())
                .extracting(PprofFrame::function)
                .containsExactly("runtime.gopark", "runtime.chanrecv", "runtime.chanrecv1", "main.awaitDone");
    }

    @Test
    void keepsFunctionsThatAreInlined() throws IOException {
        PprofProfile profile = PprofReader.read(recorded("heap"), PprofLimits.DEFAULT);

        int inUse = profile.valueOf("inuse_space");
        Sample largest = profile.samples().stream()
                .max((a, b) -> Long.compare(a.values().get(inUse), b.values().get(inUse)))
                .orElseThrow();
        assertThat(largest.frames())
                .extracting(PprofFrame::function)
                .containsExactly("main.(*cache).put", "main.(*server).work");
        assertThat(largest.stack()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "goroutine", "goroutineleak"})
    void readsWhatGosOwnToolReads(String name) throws IOException {
        Optional<GoTool> go = GoTool.find();
        assumeTrue(go.isPresent(), GoTool.ABSENT);
        Path file = Files.createTempFile("unpark", ".pb.gz");
        Files.write(file, recorded(name));

        GoTool.Result raw = go.get().run(Path.of(""), Duration.ofMinutes(5), "tool", "pprof", "-raw", file.toString());

        Files.delete(file);
        assertThat(raw.exit()).as(raw.stderr()).isZero();
        List<String> expected = new ArrayList<>();
        for (String line : raw.stdout().lines().toList()) {
            Matcher sample = RAW_SAMPLE.matcher(line);
            if (sample.matches()) {
                int depth = (int) sample.group(2)
                        .strip()
                        .lines()
                        .flatMap(it -> Arrays.stream(it.split(" +")))
                        .count();
                expected.add(sample.group(1).strip().replaceAll(" +", " ") + " at " + depth);
            }
        }
        PprofProfile profile = PprofReader.read(recorded(name), PprofLimits.DEFAULT);
        assertThat(profile.samples())
                .extracting(it -> it.values().stream().map(String::valueOf).collect(Collectors.joining(" ")) + " at "
                        + it.stack().size())
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "goroutine", "goroutineleak"})
    void aProfileThatIsCutAnywhereIsRefusedOrRead(String name) throws IOException {
        byte[] compressed = recorded(name);
        byte[] plain = plain(compressed);

        for (int length = 0; length < compressed.length; length++) {
            assertThat(refusal(Arrays.copyOf(compressed, length))).isIn(Reason.EMPTY, Reason.TRUNCATED, Reason.CORRUPT);
        }
        for (int length = 0; length < plain.length; length++) {
            readOrRefuse(Arrays.copyOf(plain, length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "goroutine", "goroutineleak"})
    void aProfileOfChangedBytesIsRefusedOrRead(String name) throws IOException {
        byte[] compressed = recorded(name);
        byte[] plain = plain(compressed);
        Random random = new Random(6);

        for (int round = 0; round < ROUNDS; round++) {
            readOrRefuse(changed(plain, random));
            readOrRefuse(changed(compressed, random));
        }
    }

    @Test
    void bytesByChanceAreRefusedOrRead() {
        Random random = new Random(7);

        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            readOrRefuse(bytes);
        }
    }

    @Test
    void somethingElseIsNoProfile() throws IOException {
        assertThat(refusal(new byte[0])).isEqualTo(Reason.EMPTY);
        assertThat(refusal(gzip(new byte[0]))).isEqualTo(Reason.EMPTY);
        assertThat(refusal("{\"a\": 1}".getBytes())).isIn(Reason.CORRUPT, Reason.TRUNCATED);
        assertThat(refusal(new ProtoBytes().number(9, 1).toBytes())).isEqualTo(Reason.NOT_A_PROFILE);
    }

    @Test
    void aBombIsRefusedBeforeItIsUnpacked() throws IOException {
        byte[] bomb = gzip(new byte[48 << 20]);

        assertThat(bomb.length).isLessThan(100_000);
        assertThat(refusal(bomb)).isEqualTo(Reason.LIMIT);
    }

    @Test
    void aLengthIsCheckedBeforeAnythingIsMadeOfIt() throws IOException {
        byte[] huge = new ProtoBytes().varint(6 << 3 | 2).varint(Long.MAX_VALUE).toBytes();
        byte[] negative = new ProtoBytes().varint(6 << 3 | 2).varint(-1).toBytes();

        assertThat(refusal(huge)).isEqualTo(Reason.TRUNCATED);
        assertThat(refusal(negative)).isEqualTo(Reason.TRUNCATED);
    }

    @Test
    void eachLimitIsKept() throws IOException {
        PprofLimits few = new PprofLimits(10_000, 3, 3, 3, 6, 3, 2, 5, 2);
        assertThat(PprofReader.read(small(3, 1), few).samples()).hasSize(3);

        assertThat(refusal(small(4, 1), few)).isEqualTo(Reason.LIMIT); // samples
        assertThat(refusal(small(1, 4), few)).isEqualTo(Reason.LIMIT); // depth
        assertThat(refusal(small(2, 3), few)).isEqualTo(Reason.LIMIT); // references
        assertThat(refusal(repeated(1, new ProtoBytes(), 3), few)).isEqualTo(Reason.LIMIT);
        assertThat(refusal(repeated(6, new ProtoBytes(), 7), few)).isEqualTo(Reason.LIMIT);
        assertThat(refusal(numbered(4, 4), few)).isEqualTo(Reason.LIMIT);
        assertThat(refusal(numbered(5, 4), few)).isEqualTo(Reason.LIMIT);
        ProtoBytes lines = new ProtoBytes();
        for (int i = 0; i < 3; i++) {
            lines.message(4, new ProtoBytes());
        }
        assertThat(refusal(new ProtoBytes().message(4, lines).toBytes(), few)).isEqualTo(Reason.LIMIT);
        assertThat(refusal(new byte[10_001], few)).isEqualTo(Reason.LIMIT);
    }

    @Test
    void fieldsMayComeInAnyOrderAndUnknownOnesAreSkipped() throws IOException {
        byte[] profile = new ProtoBytes()
                .message(2, new ProtoBytes().number(1, 7).number(2, 5))
                .number(99, 1)
                .text(98, "later")
                .message(
                        4,
                        new ProtoBytes()
                                .number(1, 7)
                                .message(4, new ProtoBytes().number(1, 9).number(2, 12)))
                .message(5, new ProtoBytes().number(1, 9).number(2, 1).number(4, 2))
                .text(6, "")
                .text(6, "main.f")
                .text(6, "f.go")
                .text(6, "goroutine")
                .message(1, new ProtoBytes().number(1, 3))
                .toBytes();

        PprofProfile read = PprofReader.read(profile, PprofLimits.DEFAULT);

        assertThat(read.samples())
                .containsExactly(new Sample(List.of(5L), List.of(List.of(new PprofFrame("main.f", "f.go", 12)))));
        assertThat(read.timeNanos()).isZero();
    }

    /** A whole profile of so many samples, each so deep. */
    private static byte[] small(int samples, int depth) {
        ProtoBytes out = new ProtoBytes().message(1, new ProtoBytes());
        for (int i = 0; i < samples; i++) {
            ProtoBytes sample = new ProtoBytes();
            for (int j = 0; j < depth; j++) {
                sample.number(1, 1);
            }
            out.message(2, sample.number(2, 1));
        }
        return out.message(4, new ProtoBytes().number(1, 1)).text(6, "").toBytes();
    }

    private static byte[] repeated(int field, ProtoBytes content, int times) {
        ProtoBytes out = new ProtoBytes();
        for (int i = 0; i < times; i++) {
            out.message(field, content);
        }
        return out.toBytes();
    }

    private static byte[] numbered(int field, int times) {
        ProtoBytes out = new ProtoBytes();
        for (int i = 1; i <= times; i++) {
            out.message(field, new ProtoBytes().number(1, i));
        }
        return out.toBytes();
    }

    private static byte[] changed(byte[] bytes, Random random) {
        byte[] changed = bytes.clone();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
        return changed;
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            assertThat(PprofReader.read(bytes, PprofLimits.DEFAULT).sampleTypes())
                    .isNotEmpty();
        } catch (PprofFormatException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    private static Reason refusal(byte[] bytes) {
        return refusal(bytes, PprofLimits.DEFAULT);
    }

    private static Reason refusal(byte[] bytes, PprofLimits limits) {
        return catchThrowableOfType(PprofFormatException.class, () -> PprofReader.read(bytes, limits))
                .reason();
    }

    private static byte[] recorded(String name) throws IOException {
        try (InputStream in = PprofReaderTest.class.getResourceAsStream(name + ".pb.gz")) {
            return in.readAllBytes();
        }
    }

    private static byte[] plain(byte[] compressed) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(compressed)).readAllBytes();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }
}
