package io.unpark.app.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.app.console.UserError;
import io.unpark.ingest.ChunkProducer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final List<String> opened = new ArrayList<>();

    private record At(String lane, long unixNs) implements Moment {
        @Override
        public void sendTo(List<ChunkProducer> targets) {}

        @Override
        public String toString() {
            return lane + unixNs;
        }
    }

    private Lane lane(String name, long begin, long... times) {
        List<Moment> moments = new ArrayList<>();
        for (long time : times) {
            moments.add(new At(name, time));
        }
        Iterator<Moment> left = moments.iterator();
        return new Lane() {
            @Override
            public long beginUnixNs() {
                return begin;
            }

            @Override
            public Moment next() {
                if (!opened.contains(name)) {
                    opened.add(name);
                }
                return left.hasNext() ? left.next() : null;
            }

            @Override
            public void close() {}
        };
    }

    private static List<String> all(Lanes lanes) throws IOException {
        List<String> all = new ArrayList<>();
        for (Moment next = lanes.next(); next != null; next = lanes.next()) {
            all.add(next.toString());
        }
        return all;
    }

    @Test
    void goByTimeOverAllLanesAndKeepEachLanesOrder() throws IOException {
        // Given a lane whose second moment is earlier than its first, as when a clock was set
        List<Lane> lanes = List.of(lane("a", 1, 1, 4, 9), lane("b", 2, 2, 3), lane("c", 5, 5, 1, 6));

        try (Lanes merged = new Lanes(lanes)) {
            assertThat(all(merged)).containsExactly("a1", "b2", "b3", "a4", "c5", "c1", "c6", "a9");
        }
    }

    @Test
    void aLaneIsOpenedWhenItsTimeHasCome() throws IOException {
        try (Lanes merged = new Lanes(List.of(lane("a", 1, 1, 2), lane("b", 100, 100), lane("empty", 50)))) {
            merged.next();
            merged.next();
            assertThat(opened).containsExactly("a");

            assertThat(all(merged)).containsExactly("b100");
            assertThat(opened).containsExactly("a", "empty", "b");
        }
    }

    @Test
    void aRangeIsOfInstantsTimesAndDates() {
        TimeRange day = TimeRange.of("2026-11-01", "2026-11-02T00:00:00");

        assertThat(day).isEqualTo(TimeRange.of("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"));
        assertThat(day.fromUnixNs())
                .isEqualTo(Instant.parse("2026-11-01T00:00:00Z").getEpochSecond() * 1_000_000_000L);
        assertThat(day.holds(day.fromUnixNs())).isTrue();
        assertThat(day.holds(day.toUnixNs())).isFalse();
        assertThat(day.holds(Moment.TIMELESS)).isTrue();
        assertThat(TimeRange.of("2026-11-01T05:00:00+02:00", null))
                .isEqualTo(TimeRange.of("2026-11-01T03:00:00Z", null));
        for (String wrong : List.of("yesterday", "2026-13-01", "2026-11-01T25:00:00Z")) {
            Assertions.assertThatThrownBy(() -> TimeRange.of(wrong, null))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("--from");
        }
        Assertions.assertThatThrownBy(() -> TimeRange.of("2026-11-02", "2026-11-01"))
                .isInstanceOf(UserError.class);
    }
}
