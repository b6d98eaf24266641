package io.unpark.analysis.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.pprof.GoProfile;
import io.unpark.trace.pprof.PprofFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How profiles follow each other, and how they join what traces tell. */
class InstanceProfilesTest {
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final long T0 = 1_795_000_000_000_000_000L;
    private static final String LEAK = "goroutine_leak main.wait < main.start";

    private final Desk desk = new Desk();

    @Test
    void aLeakThatBothSeeIsOneUnderTheTracesName() {
        desk.trace(leak("main.start", T0, 40, false));

        desk.profile("p", T0 + MINUTE_NS, leaked(30));

        assertThat(desk.anomalies()).containsOnlyKeys(LEAK);
        Anomaly both = desk.anomalies().get(LEAK);
        assertThat(both.confidence()).isEqualTo(Confidence.CERTAIN);
        assertThat(both.count()).isEqualTo(40);
        assertThat(both.evidence().values()).containsEntry("rule", "growth").containsEntry("profile_count", 30L);
        assertThat(both.summary()).endsWith("The goroutineleak profile proves it of 30.");
        assertThat(both.lastSeenNs()).isEqualTo(T0 + MINUTE_NS);
    }

    @Test
    void aProfileThatCameFirstTakesTheTracesNameAfterwards() {
        desk.profile("p", T0, leaked(30));
        assertThat(desk.anomalies()).containsOnlyKeys("goroutine_leak main.wait < ");

        desk.trace(leak("main.start", T0 + 1, 40, false));

        assertThat(desk.anomalies()).containsOnlyKeys(LEAK);
        assertThat(desk.anomalies().get(LEAK).confidence()).isEqualTo(Confidence.CERTAIN);
    }

    @Test
    void whatEachTakesBackLeavesWhatTheOtherSays() {
        desk.trace(leak("main.start", T0, 40, false));
        desk.profile("p", T0 + MINUTE_NS, leaked(30));

        desk.trace(leak("main.start", T0 + 2, 40, true));
        assertThat(desk.anomalies().get(LEAK).count()).isEqualTo(30);
        assertThat(desk.anomalies().get(LEAK).evidence().values()).containsEntry("rule", "proven");

        desk.trace(leak("main.start", T0 + 3, 41, false));
        desk.profile("q", T0 + 2 * MINUTE_NS, new ProfileBytes("goroutineleak").toBytes());
        assertThat(desk.anomalies().get(LEAK).confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(desk.anomalies().get(LEAK).count()).isEqualTo(41);

        desk.trace(leak("main.start", T0 + 4, 41, true));
        assertThat(desk.anomalies()).isEmpty();
    }

    @Test
    void withoutProfilesATracesFindingsPassUnchanged() {
        Finding first = leak("main.start", T0, 40, false);
        Finding second = leak("main.start", T0 + 1, 41, false);

        desk.trace(first);
        desk.trace(second);

        assertThat(desk.said).containsExactly(first, second);
    }

    @Test
    void theHeapOfATraceGivesWayToTheSiteThatGrew() {
        desk.trace(heap(T0, T0 + MINUTE_NS, T0 + MINUTE_NS, false));
        assertThat(desk.anomalies()).containsOnlyKeys("heap_growth process < ");

        desk.profile("a", T0 + 5 * MINUTE_NS, inUse(10));
        desk.profile("b", T0 + 7 * MINUTE_NS, inUse(90));

        assertThat(desk.anomalies()).containsOnlyKeys("heap_growth main.keep < ");
        Anomaly site = desk.anomalies().get("heap_growth main.keep < ");
        assertThat(site.evidence().values())
                .containsEntry("goal_last_bytes", 100L << 20)
                .containsEntry("in_use_last_bytes", 90L << 20);
        assertThat(site.firstSeenNs()).isEqualTo(T0);

        desk.profile("c", T0 + 9 * MINUTE_NS, inUse(20));
        assertThat(desk.anomalies()).containsOnlyKeys("heap_growth process < ");
    }

    @Test
    void theHeapOfAnotherDayIsAnotherMatter() {
        desk.trace(heap(T0, T0 + MINUTE_NS, T0 + MINUTE_NS, false));

        desk.profile("a", T0 + 50 * MINUTE_NS, inUse(10));
        desk.profile("b", T0 + 52 * MINUTE_NS, inUse(90));

        assertThat(desk.anomalies()).containsOnlyKeys("heap_growth process < ", "heap_growth main.keep < ");
    }

    @Test
    void twoHeapProfilesInAMinuteAreOnlyPossible() {
        desk.profile("a", T0, inUse(10));
        desk.profile("b", T0 + MINUTE_NS / 2, inUse(90));

        assertThat(desk.anomalies().get("heap_growth main.keep < ").confidence())
                .isEqualTo(Confidence.POSSIBLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10 90 90 90", // a cache that is full
                "10 60 30 90", // it falls
                "80 90 100 110", // too little of it
                "1 2 3 4"
            })
    void aHeapThatDoesNotGrowOnIsSilent(String megabytes) {
        give(megabytes);

        assertThat(desk.anomalies()).isEmpty();
    }

    private void give(String megabytes) {
        int minute = 0;
        for (String size : megabytes.split(" ")) {
            minute++;
            desk.profile("p" + minute, T0 + minute * MINUTE_NS, inUse(Integer.parseInt(size)));
        }
    }

    @Test
    void aSiteThatWasTooSmallToBeKeptIsNotTakenForNew() {
        ProfileBytes many = new ProfileBytes("inuse_space");
        for (int i = 0; i <= Snapshot.MAX_ROWS; i++) {
            many.sample(60L << 20, "main.f" + i);
        }
        desk.profile("a", T0, many.toBytes());

        desk.profile("b", T0 + 2 * MINUTE_NS, inUse(90));

        assertThat(desk.anomalies()).isEmpty();
    }

    @Test
    void goroutinesThatGrowWithConnectionsAreSilent() {
        for (int i = 1; i <= 5; i++) {
            desk.profile("p" + i, T0 + i * MINUTE_NS, standing(100 * i, 100 * i));
        }
        assertThat(desk.anomalies()).isEmpty();

        for (int i = 1; i <= 5; i++) {
            desk.profile("q" + i, T0 + (20 + i) * MINUTE_NS, standing(100 * i, 20));
        }
        assertThat(desk.anomalies()).isEmpty(); // the older ones are still looked at
        Desk other = new Desk();
        for (int i = 1; i <= 5; i++) {
            other.profile("q" + i, T0 + i * MINUTE_NS, standing(100 * i, 20));
        }
        assertThat(other.anomalies().keySet()).containsExactly("goroutine_leak main.wait < ");
    }

    @Test
    void theOrderInWhichAllComesDoesNotMatter() {
        List<Runnable> all = new ArrayList<>();
        Desk[] at = new Desk[1];
        for (int i = 0; i < 6; i++) {
            int n = i;
            all.add(() -> at[0].profile("leak" + n, T0 + n * MINUTE_NS, leaked(n < 2 ? 0 : 10 * n)));
            all.add(() -> at[0].profile("heap" + n, T0 + n * MINUTE_NS, inUse(10 + 30 * n)));
            all.add(() -> at[0].profile("all" + n, T0 + n * MINUTE_NS, standing(100 * (n + 1), 3)));
        }
        List<Runnable> traces = List.of(
                () -> at[0].trace(leak("main.start", T0, 40, false)),
                () -> at[0].trace(heap(T0, T0 + MINUTE_NS, T0 + 1, false)),
                () -> at[0].trace(leak("main.start", T0 + 1, 45, false), leak("", T0 + 1, 3, false)),
                () -> at[0].trace(heap(T0, T0 + 2 * MINUTE_NS, T0 + 2, false)),
                () -> at[0].trace(leak("", T0 + 5, 3, true)));
        Map<String, Anomaly> expected = null;

        for (int round = 0; round < 30; round++) {
            at[0] = new Desk();
            Random random = new Random(round);
            List<Runnable> profiles = new ArrayList<>(all);
            profiles.addAll(all.subList(0, 5)); // some come twice
            Collections.shuffle(profiles, random);
            List<Runnable> rest = new ArrayList<>(traces);
            while (!profiles.isEmpty() || !rest.isEmpty()) {
                boolean profile = rest.isEmpty() || !profiles.isEmpty() && random.nextBoolean();
                (profile ? profiles : rest).remove(0).run();
            }
            Map<String, Anomaly> found = at[0].anomalies();
            expected = expected == null ? found : expected;
            assertThat(found).as("round %d", round).isEqualTo(expected);
        }
        assertThat(expected).containsOnlyKeys(LEAK, "heap_growth main.keep < ");
    }

    @Test
    void whatComesTwiceOrTooLateChangesNothing() {
        for (int i = 1; i <= Series.MAX_SNAPSHOTS + 3; i++) {
            desk.profile("p" + i, T0 + i * MINUTE_NS, leaked(10 + i));
        }
        List<Finding> before = List.copyOf(desk.said);

        desk.profile("p15", T0 + 15 * MINUTE_NS, leaked(25));
        desk.profile("late", T0, leaked(99));

        assertThat(desk.said).isEqualTo(before);
        Anomaly leak = desk.anomalies().get("goroutine_leak main.wait < ");
        assertThat(leak.count()).isEqualTo(25);
        assertThat(leak.firstSeenNs()).isEqualTo(T0 + MINUTE_NS);
    }

    @Test
    void theStateIsBounded() {
        String wide = "x".repeat(5_000);
        for (int i = 1; i <= Series.MAX_SNAPSHOTS + 1; i++) {
            ProfileBytes leaks = new ProfileBytes("goroutineleak");
            ProfileBytes heap = new ProfileBytes("inuse_space");
            for (int j = 0; j <= Snapshot.MAX_ROWS; j++) {
                String[] stack = new String[12];
                for (int k = 0; k < stack.length; k++) {
                    stack[k] = "main.f" + i + "_" + j + "_" + k + wide.substring(0, k == 0 ? 10 : 300);
                }
                leaks.sample(1 + j, stack);
                heap.sample((long) j << 25, stack);
            }
            desk.profile("l" + i, T0 + i * MINUTE_NS, leaks.toBytes());
            if (i % 6 == 1) { // the kinds have the same form
                desk.profile("h" + i, T0 + i * MINUTE_NS, heap.toBytes());
            }
        }

        assertThat(desk.stored().values()).allMatch(bytes -> bytes.length < 4 << 20);
        assertThat(desk.anomalies().size()).isLessThanOrEqualTo(2 * Snapshot.MAX_ROWS);
    }

    @Test
    void onlyProfilesThatAreJudgedAreTaken() {
        byte[] cpu = new ProfileBytes("samples").toBytes();

        assertThatThrownBy(() -> profiles().profile(new ProfileInput("a", T0, cpu, "")))
                .isInstanceOf(PprofFormatException.class)
                .hasMessageContaining("a profile of samples; judged are heap, goroutine and goroutineleak");
        assertThatThrownBy(() -> profiles().profile(new ProfileInput("a", Long.MAX_VALUE, leaked(1), "")))
                .isInstanceOf(PprofFormatException.class);
    }

    @Test
    void stateOfAnotherVersionBeginsAnew() {
        desk.profile("p", T0, leaked(30));
        desk.stored().replaceAll((name, bytes) -> new byte[] {99});

        desk.profile("q", T0 + MINUTE_NS, leaked(31));

        assertThat(desk.anomalies().get("goroutine_leak main.wait < ").count()).isEqualTo(31);
    }

    @Test
    void stateThatIsCutIsNeverRead() {
        Series series = new Series();
        series.add(new Snapshot(
                GoProfile.HEAP,
                T0,
                "id",
                "",
                List.of(new Snapshot.Row(new Site("main.f", "f.go", 3, "", "", "", List.of("main.f f.go:3")), 5)),
                0));
        byte[] bytes = series.toBytes();

        assertThat(Series.fromBytes(bytes).toBytes()).isEqualTo(bytes);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Series.fromBytes(cut)).isInstanceOf(CodecException.class);
        }
    }

    private static InstanceProfiles profiles() {
        ProfileStore none = new ProfileStore() {
            @Override
            public byte[] get(String name) {
                return null;
            }

            @Override
            public void put(String name, byte[] bytes) {
                throw new AssertionError("put " + name);
            }

            @Override
            public List<String> names(String prefix) {
                return List.of();
            }
        };
        return new InstanceProfiles(Desk.INSTANCE, none, UserCode.standard(), AnalysisConfig.DEFAULTS);
    }

    private static byte[] leaked(int count) {
        ProfileBytes profile = new ProfileBytes("goroutineleak");
        return count == 0
                ? profile.toBytes()
                : profile.sample(count, "runtime.gopark", "runtime.chanrecv", "main.wait", "main.run")
                        .toBytes();
    }

    private static byte[] standing(int waiting, int reading) {
        return new ProfileBytes("goroutine")
                .sample(waiting, "runtime.gopark", "runtime.chanrecv", "main.wait", "main.run")
                .sample(
                        reading,
                        "runtime.gopark",
                        "runtime.netpollblock",
                        "internal/poll.runtime_pollWait",
                        "main.read")
                .toBytes();
    }

    private static byte[] inUse(int megabytes) {
        return new ProfileBytes("inuse_space")
                .sample((long) megabytes << 20, "main.keep", "main.main")
                .toBytes();
    }

    private static Finding leak(String creation, long revision, long count, boolean withdrawn) {
        Evidence evidence = Evidence.builder()
                .put("rule", "growth")
                .put("start_function", "main.run")
                .build();
        return finding(
                Kind.GOROUTINE_LEAK,
                new Place("main.wait", "main.go", 7, creation, ""),
                revision,
                count,
                T0,
                T0 + 1,
                evidence,
                withdrawn);
    }

    private static Finding heap(long firstNs, long lastNs, long revision, boolean withdrawn) {
        Evidence evidence =
                Evidence.builder().put("goal_last_bytes", 100L << 20).build();
        return finding(
                Kind.HEAP_GROWTH,
                new Place("process", "", 0, "", ""),
                revision,
                1,
                firstNs,
                lastNs,
                evidence,
                withdrawn);
    }

    private static Finding finding(
            Kind kind,
            Place place,
            long revision,
            long count,
            long firstNs,
            long lastNs,
            Evidence evidence,
            boolean withdrawn) {
        String anomaly = Ids.anomaly(kind, Desk.INSTANCE, place.site(), place.creationSite(), "");
        String subject = Ids.subject(Desk.INSTANCE);
        return new Finding(
                Ids.finding(kind, subject, anomaly),
                anomaly,
                kind,
                subject,
                revision,
                withdrawn,
                Desk.INSTANCE,
                "",
                place,
                Severity.WARNING,
                Confidence.LIKELY,
                count,
                firstNs,
                lastNs,
                lastNs - firstNs,
                "As the trace says.",
                evidence,
                List.of(),
                new Advice("fix", "tool", "doc"),
                List.of(),
                "");
    }
}
