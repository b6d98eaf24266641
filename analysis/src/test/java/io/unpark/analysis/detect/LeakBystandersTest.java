package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.Confidence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who hangs on goroutines that are leaked. The leaked one has id 100 and creator 1000. */
class LeakBystandersTest {

    private record Case(String title, Groups other, boolean hangs) {
        @Override
        public String toString() {
            return title;
        }
    }

    private static Groups one(Consumer<Groups.MemberOf> member) {
        return Groups.receiving().members(1, m -> {
            m.id = 5;
            m.creator = 77;
            m.createdNs = 5_000 * Groups.MS;
            member.accept(m);
        });
    }

    static List<Case> cases() {
        return List.of(
                new Case("its creator waits for it", one(m -> m.id = 1_000), true),
                new Case("its child waits for it", one(m -> m.creator = 100), true),
                new Case(
                        "a sibling of the same moment",
                        one(m -> {
                            m.creator = 1_000;
                            m.createdNs = 510 * Groups.MS;
                        }),
                        true),
                new Case(
                        "a sibling of a later moment",
                        one(m -> {
                            m.creator = 1_000;
                            m.createdNs = 900 * Groups.MS;
                        }),
                        false),
                new Case(
                        "a shutdown waiter that the living main started beside it at boot",
                        one(m -> {
                            m.creator = 1_000;
                            m.createdNs = 510 * Groups.MS;
                            m.creatorGone = false;
                        }),
                        false),
                new Case(
                        "a supervisor, started once by one that lives on, among whose children it is",
                        one(m -> {
                            m.id = 1_000;
                            m.creatorGone = false;
                        }),
                        false),
                new Case("a stranger", one(m -> {}), false),
                new Case(
                        "its creator, which is woken for other things",
                        one(m -> {
                            m.id = 1_000;
                            m.wokenHere = 1;
                        }),
                        false),
                new Case(
                        "its creator, a request that still runs",
                        one(m -> {
                            m.id = 1_000;
                            m.requestOpen = true;
                        }),
                        false),
                new Case(
                        "its creator sleeps",
                        Groups.waiting("sleep", "time.Sleep /go/t.go:1").members(1, m -> m.id = 1_000),
                        false),
                new Case(
                        "one of three only: the others wait for something else",
                        one(m -> m.id = 1_000).members(2, m -> {
                            m.creator = 78;
                            m.createdNs = 7_000 * Groups.MS;
                        }),
                        false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case c) {
        // Given
        StuckGroup leaked = Groups.sending().members(1).build();
        StuckGroup other = c.other().build();
        Map<StuckGroup, LeakVerdict> leaks = new HashMap<>();
        leaks.put(leaked, new LeakVerdict("stuck_transient", "", Confidence.LIKELY));
        List<StuckGroup> rest = new ArrayList<>(List.of(other));
        // When
        LeakBystanders.add(leaks, rest);
        // Then
        assertThat(leaks.containsKey(other)).isEqualTo(c.hangs());
        assertThat(rest.isEmpty()).isEqualTo(c.hangs());
    }
}
