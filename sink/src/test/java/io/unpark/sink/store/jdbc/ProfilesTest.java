package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.sink.store.ProfileQueries.Coverage;
import io.unpark.sink.store.ProfileQueries.Selection;
import io.unpark.sink.store.ProfileRow;
import io.unpark.sink.store.RollUpRetention;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.StackTaker;
import io.unpark.sink.store.StaleOwnerException;
import io.unpark.sink.store.WindowStep;
import io.unpark.sink.store.stacks.StackSums;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Profiles are read whole whatever has become of them, on every database. */
class ProfilesTest extends OnEveryDatabase {
    private static final long NOW_MS = 1_795_392_000_000L;
    private static final long START_NS = NOW_MS * 1_000_000;
    private static final long SECOND_NS = 1_000_000_000L;

    /** What a reading told, by name. */
    private static final class Told implements StackTaker {
        final Map<String, Long> ns = new TreeMap<>();
        long coveredNs;
        long otherNs;

        @Override
        public void entry(String route, String reason, Stack stack, long count, long blockedNs) {
            String name = route + "|" + reason + "|" + stack.frames().get(0).function();
            ns.merge(name, blockedNs, Long::sum);
        }

        @Override
        public void rest(long moreCoveredNs, long moreOtherNs, long otherSamples) {
            coveredNs += moreCoveredNs;
            otherNs += moreOtherNs;
        }
    }

    @Test
    void aSecondIsReadAsItCame() throws Exception {
        write(profile("i1", "v1", 1, "GET /a", 30), profile("i1", "v1", 200, "GET /a", 30));

        Told told = new Told();
        Coverage coverage = read(told, 0, 10, Optional.empty());

        assertThat(coverage).isEqualTo(new Coverage(WindowStep.RAW, START_NS, false));
        assertThat(told.ns).containsOnly(Map.entry("GET /a|select|main.f", 30L));
        assertThat(told.coveredNs).isEqualTo(SECOND_NS);
        assertThat(told.otherNs).isEqualTo(5);
    }

    @Test
    void whatIsNotRolledUpYetIsReadWithWhatIs() throws Exception {
        // Given
        write(profile("i1", "v1", 1, "GET /a", 30), profile("i2", "v1", 70, "GET /a", 4));
        run();
        write(profile("i1", "v1", 71, "GET /a", 200), profile("i1", "v1", 7_000, "GET /b", 1_000));
        for (int untilS : List.of(7_100, 8_000)) {
            // When
            Told told = new Told();
            Coverage coverage = read(told, 0, untilS, Optional.empty());
            // Then
            assertThat(coverage.step()).isEqualTo(untilS == 7_100 ? WindowStep.MINUTE : WindowStep.HOUR);
            assertThat(told.ns)
                    .containsOnly(Map.entry("GET /a|select|main.f", 234L), Map.entry("GET /b|select|main.f", 1_000L));
            assertThat(told.coveredNs).isEqualTo(4 * SECOND_NS);
        }
    }

    @Test
    void aShortTimeIsTheSameAsItCameAndFromTheRollUpsOfItsMinutes() throws Exception {
        // Given
        for (int second : List.of(0, 30, 59, 60, 61, 90, 119, 120, 150)) {
            write(profile("i1", "v1", second, "GET /a", 1 + second), profile("i2", "v2", second, "GET /b", 1_000));
        }
        List<int[]> times = List.of(new int[] {60, 120}, new int[] {0, 120}, new int[] {30, 121}, new int[] {61, 150});
        List<List<Object>> asItCame = told(times);
        // When
        run();
        // Then
        assertThat(told(times)).isEqualTo(asItCame);
        // When something comes later
        write(profile("i3", "v2", 62, "GET /b", 7));
        // Then it is there
        Told told = new Told();
        read(told, 60, 120, Optional.empty());
        assertThat(told.ns).containsEntry("GET /b|select|main.f", 4_007L);
        // When only roll-ups are left
        run();
        storage.anomalyStore().deleteOlder(0, NOW_MS + 1);
        // Then the whole minute is, and no part of another
        told = new Told();
        read(told, 59, 121, Optional.of("v2"));
        assertThat(told.ns).containsOnly(Map.entry("GET /b|select|main.f", 4_007L));
    }

    private List<List<Object>> told(List<int[]> times) {
        List<List<Object>> answers = new ArrayList<>();
        for (int[] time : times) {
            for (Optional<String> version : List.of(Optional.<String>empty(), Optional.of("v1"))) {
                Told told = new Told();
                Coverage coverage = read(told, time[0], time[1], version);
                assertThat(coverage).isEqualTo(new Coverage(WindowStep.RAW, endNs(time[0]), false));
                answers.add(List.of(told.ns, told.coveredNs, told.otherNs));
            }
        }
        return answers;
    }

    @Test
    void oneThatComesAgainCountsOnce() throws Exception {
        write(profile("i1", "v1", 1, "GET /a", 30));
        run();
        write(profile("i1", "v1", 1, "GET /a", 30));
        run();

        Told told = new Told();
        read(told, 0, 600, Optional.empty());

        assertThat(told.ns).containsOnly(Map.entry("GET /a|select|main.f", 30L));
    }

    @Test
    void versionsStayApart() throws Exception {
        write(profile("i1", "v1", 1, "GET /a", 30), profile("i2", "v2", 1, "GET /a", 7), profile("i3", "", 1, "", 1));
        run();

        for (int untilS : List.of(10, 600, 10_000)) {
            Told told = new Told();
            read(told, 0, untilS, Optional.of("v2"));
            assertThat(told.ns).containsOnly(Map.entry("GET /a|select|main.f", 7L));
        }
        assertThat(storage.profiles().versions(Optional.of(""), "orders", START_NS))
                .containsExactly("", "v1", "v2");
        assertThat(storage.profiles().versions(Optional.empty(), "stock", START_NS))
                .isEmpty();
    }

    @Test
    void rollUpsOutliveWhatTheyAreMadeOf() throws Exception {
        // Given
        write(profile("i1", "v1", 1, "GET /a", 30), profile("i1", "v1", 61, "GET /a", 30));
        run();
        for (Duration age : List.of(Duration.ofHours(3), Duration.ofDays(3))) {
            // When
            expireAfter(age);
            // Then: a short time, too, is read from what is left
            Told told = new Told();
            Coverage coverage = read(told, 0, 90, Optional.empty());
            assertThat(told.ns).containsOnly(Map.entry("GET /a|select|main.f", 60L));
            assertThat(coverage.step()).isEqualTo(age.toDays() == 0 ? WindowStep.MINUTE : WindowStep.HOUR);
        }
        // When
        expireAfter(Duration.ofDays(91));
        // Then
        Told told = new Told();
        read(told, 0, 90, Optional.empty());
        assertThat(told.ns).isEmpty();
    }

    @Test
    void aRollUpKeepsTheLargestAndTheSumOfTheOthers() throws Exception {
        // Given: 600 places, each of another length, in each of two seconds
        for (int second : List.of(1, 2)) {
            StackSums sums = new StackSums();
            for (int i = 0; i < 600; i++) {
                sums.entry("GET /a", "select", stack("main.f" + i), 1, 1_000 + i);
            }
            write(row("i1", "v1", second, sums.document(1_000)));
        }
        run();
        // When
        Told told = new Told();
        read(told, 0, 600, Optional.empty());
        // Then
        assertThat(told.ns).hasSize(500).containsEntry("GET /a|select|main.f599", 2 * 1_599L);
        assertThat(told.ns).doesNotContainKey("GET /a|select|main.f99");
        long all = told.ns.values().stream().mapToLong(Long::longValue).sum() + told.otherNs;
        assertThat(all).isEqualTo(2 * (600 * 1_000 + 599 * 600 / 2));
        // A short time is told as it came, nothing left out
        told = new Told();
        read(told, 0, 60, Optional.empty());
        assertThat(told.ns).hasSize(600).containsEntry("GET /a|select|main.f0", 2 * 1_000L);
        assertThat(told.otherNs).isZero();
    }

    @Test
    void oneThatIsTooOldIsDeletedEvenIfItWasNeverRolledUp() throws Exception {
        write(profile("i1", "v1", 1, "GET /a", 30));

        storage.anomalyStore().deleteOlder(0, NOW_MS + 1);

        Told told = new Told();
        read(told, 0, 10, Optional.empty());
        assertThat(told.ns).isEmpty();
    }

    private Coverage read(Told told, int sinceS, int untilS, Optional<String> version) {
        return storage.profiles()
                .read(new Selection(Optional.empty(), "orders", version, endNs(sinceS), endNs(untilS)), told);
    }

    private void run() {
        storage.rollUps().run(() -> true);
    }

    private void expireAfter(Duration passed) {
        storage.rollUps().expire(NOW_MS + passed.toMillis(), RollUpRetention.DEFAULT, () -> true);
    }

    private void write(ProfileRow... rows) throws StaleOwnerException {
        storage.anomalyStore()
                .write(new SinkBatch(
                        List.of(), Map.of(), List.of(), List.of(), List.of(), Arrays.asList(rows), List.of()));
    }

    private static ProfileRow profile(String instance, String version, int second, String route, long ns) {
        StackSums sums = new StackSums();
        sums.entry(route, "select", stack("main.f"), 1, ns);
        sums.rest(SECOND_NS, 5, 0);
        return row(instance, version, second, sums.document(500));
    }

    private static ProfileRow row(String instance, String version, int second, byte[] document) {
        return new ProfileRow(instance + second, "", "orders", version, endNs(second), NOW_MS, document);
    }

    private static Stack stack(String function) {
        return new Stack(
                new ArrayList<>(List.of(new Frame(function, "main.go", 7), new Frame("main.main", "main.go", 1))));
    }

    private static long endNs(int second) {
        return START_NS + second * SECOND_NS;
    }
}
