package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.detect.StuckGroup;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BirthsTest {
    @Test
    void aLoopAtBootIsOneBirth() {
        assertThat(births(Set.of(), 5, 6, 7, 8)).isEqualTo(new StuckGroup.Births(4, 1, 1, 1, 0, 4));
    }

    @Test
    void whatLivesBetweenWasMadeByTheSameLoop() {
        assertThat(births(Set.of(6L, 8L), 5, 7, 9)).isEqualTo(new StuckGroup.Births(3, 1, 1, 1, 0, 3));
    }

    @Test
    void whatIsGoneBetweenTellsRequestsApart() {
        assertThat(births(Set.of(), 5, 7, 9, 19)).isEqualTo(new StuckGroup.Births(4, 4, 4, 2, 0, 4));
    }

    @Test
    void aBurstLeavesUnequalNumbers() {
        StuckGroup.Births births = births(Set.of(), 7, 38, 39, 40, 42, 44, 45, 47);

        assertThat(births).isEqualTo(new StuckGroup.Births(8, 5, 3, 2, 0, 8));
    }

    @Test
    void countsThoseBornAfterTheEldestThatIsServed() {
        List<Goroutine> members =
                Arrays.stream(new long[] {5, 9, 40}).mapToObj(Goroutine::new).toList();

        assertThat(Births.of(members, List.of(30L, 50L), id -> false).younger()).isEqualTo(1);
    }

    @Test
    void nobodyIsOlder() {
        Goroutine young = new Goroutine(9);
        young.createdNs = 1;

        assertThat(Births.of(List.of(young), List.of(), id -> false)).isEqualTo(StuckGroup.Births.NONE);
    }

    private static StuckGroup.Births births(Set<Long> others, long... ids) {
        List<Goroutine> members = Arrays.stream(ids).mapToObj(Goroutine::new).toList();
        return Births.of(members, List.of(), others::contains);
    }
}
