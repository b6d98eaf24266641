package io.unpark.streams;

import static io.unpark.streams.Records.chunk;
import static io.unpark.streams.Records.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Confidence;
import io.unpark.schemas.record.ProfileSnapshot;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles through the topologies, beside chunks whose judge is scripted. */
class ProfileTopologyTest {
    private static final long MINUTE_NS = 60_000_000_000L;

    @TempDir
    Path folder;

    private Pipeline pipeline;

    @BeforeEach
    void open() {
        pipeline = new Pipeline(folder);
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void aLeakThatATraceAndAProfileSeeIsOneAnomaly() {
        pipeline.send(chunk("a", 1, "leak 5"));
        profile("a", "p1", 1, 7);
        pipeline.send(chunk("a", 2, "leak 1"));

        Map<String, Anomaly> found = anomalies();

        assertThat(found).hasSize(1);
        Anomaly leak = found.values().iterator().next();
        assertThat(leak.getConfidence()).isEqualTo(Confidence.CERTAIN);
        assertThat(leak.getCount()).isEqualTo(7);
        assertThat(leak.getEvidence()).containsEntry("profile_count", 7L).containsEntry("created", 12L);
        assertThat(pipeline.counters.profiles.sum()).isEqualTo(1);
    }

    @Test
    void theOrderBetweenTheTopicsDoesNotMatter() {
        profile("a", "p1", 1, 7);
        pipeline.send(chunk("a", 1, "leak 5"));
        pipeline.send(chunk("a", 2, "leak 1"));
        profile("a", "p1", 1, 7);
        Anomaly profileFirst = anomalies().values().iterator().next();

        pipeline.send(chunk("b", 1, "leak 5"));
        pipeline.send(chunk("b", 2, "leak 1"));
        profile("b", "p1", 1, 7);
        pipeline.send(chunk("b", 3, "leak 0"));
        profile("b", "p2", 2, 0);

        Anomaly both = anomalies().values().iterator().next();
        assertThat(both.getCount()).isEqualTo(profileFirst.getCount() + 6);
        assertThat(both.getEvidence()).containsEntry("instances", 2L);
    }

    @Test
    void aProfileThatIsNoneIsRefused() {
        pipeline.sendRaw(Topics.PROFILE_SNAPSHOTS, key("a"), null);
        pipeline.sendRaw(Topics.PROFILE_SNAPSHOTS, key("a"), new byte[] {1});
        send("a", "p", 1, new byte[] {1, 2, 3});
        pipeline.send(Topics.PROFILE_SNAPSHOTS, key("b"), snapshot("a", "p", 1, leaked(1)));
        send("a", "", 1, leaked(1));

        assertThat(pipeline.letters(Topics.PROFILE_SNAPSHOTS_DLQ)).hasSize(5);
        assertThat(pipeline.read(Topics.FINDINGS)).isEmpty();
        profile("a", "p", 1, 3);
        assertThat(pipeline.read(Topics.FINDINGS)).hasSize(1);
    }

    @Test
    void anInstanceThatIsSilentIsForgotten() {
        profile("a", "p1", 1, 7);
        pipeline.pass(Duration.ofMinutes(50));
        profile("a", "p1", 1, 7);
        assertThat(pipeline.read(Topics.FINDINGS)).as("it came before").hasSize(1);

        pipeline.pass(Duration.ofMinutes(70));

        profile("a", "p1", 1, 7);
        assertThat(pipeline.read(Topics.FINDINGS)).hasSize(1);
        assertThat(pipeline.driver.getKeyValueStore(ProfileProcessor.PROFILES).approximateNumEntries())
                .isEqualTo(2);
    }

    private void profile(String instance, String id, int minute, int leaked) {
        send(instance, id, minute, leaked(leaked));
    }

    private void send(String instance, String id, int minute, byte[] bytes) {
        pipeline.send(Topics.PROFILE_SNAPSHOTS, key(instance), snapshot(instance, id, minute, bytes));
    }

    private static ProfileSnapshot snapshot(String instance, String id, int minute, byte[] bytes) {
        return ProfileSnapshot.newBuilder()
                .setId(id)
                .setInstance(chunk(instance, 1, "leak 0").getInstance())
                .setKind("goroutineleak")
                .setTakenUnixNs(1_795_000_000_000_000_000L + minute * MINUTE_NS)
                .setCapturedUnixNs(1)
                .setBytes(ByteBuffer.wrap(bytes))
                .build();
    }

    private Map<String, Anomaly> anomalies() {
        Map<String, Anomaly> newest = new TreeMap<>();
        pipeline.readRecords(Topics.ANOMALIES).forEach(record -> {
            if (record.value() == null) {
                newest.remove(record.key());
            } else {
                newest.put(record.key(), record.value());
            }
        });
        return newest;
    }

    /** A goroutineleak profile in profile.proto: so many in main.handler.func1, or none at all. */
    private static byte[] leaked(int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        field(out, 1, new byte[] {8, 1}); // sample type: string 1
        if (count > 0) {
            field(out, 2, new byte[] {8, 1, 16, (byte) count}); // location 1
        }
        field(out, 4, new byte[] {8, 1, 34, 4, 8, 1, 16, 42}); // location 1: function 1, line 42
        field(out, 5, new byte[] {8, 1, 16, 2, 32, 3}); // function 1: strings 2 and 3
        for (String text : List.of("", "goroutineleak", "main.handler.func1", "/src/main.go")) {
            field(out, 6, text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] content) {
        out.write(number << 3 | 2);
        out.write(content.length);
        out.writeBytes(content);
    }
}
