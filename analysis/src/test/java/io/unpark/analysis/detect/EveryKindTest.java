package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Recordings;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.race.RaceJudge;
import io.unpark.analysis.request.RequestJoiner;
import io.unpark.analysis.request.SlowRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No kind without a detector, a test class and a page. A new kind fails here until it has all three. */
class EveryKindTest {
    /** A kind may have two detectors. The test class has the detector's name and package. */
    private static final Map<Kind, List<Class<?>>> DETECTORS = Map.ofEntries(
            Map.entry(Kind.GOROUTINE_LEAK, List.of(GoroutineLeak.class)),
            Map.entry(Kind.GOROUTINE_SURGE, List.of(GoroutineSurge.class)),
            Map.entry(Kind.SLOW_REQUEST, List.of(SlowRequest.class)),
            Map.entry(Kind.BLOCKED_TOO_LONG, List.of(BlockedTooLong.class)),
            Map.entry(Kind.MUTEX_CONTENTION, List.of(MutexContention.class)),
            Map.entry(Kind.SCHED_LATENCY, List.of(SchedLatency.class)),
            Map.entry(Kind.GC_PRESSURE, List.of(GcPressure.class)),
            Map.entry(Kind.STW_PAUSE, List.of(StwPause.class)),
            Map.entry(Kind.HEAP_GROWTH, List.of(HeapGrowth.class)),
            Map.entry(Kind.DEADLINE_NOT_PROPAGATED, List.of(DetachedCall.class, RequestJoiner.class)),
            Map.entry(Kind.DEADLINE_EXTENDED, List.of(RequestJoiner.class)),
            Map.entry(Kind.MISSING_DEADLINE, List.of(RequestJoiner.class)),
            Map.entry(Kind.DEADLINE_EXCEEDED, List.of(RequestJoiner.class)),
            Map.entry(Kind.WORK_AFTER_DEADLINE, List.of(WorkAfterDeadline.class)),
            Map.entry(Kind.DATA_RACE, List.of(RaceJudge.class)));

    @ParameterizedTest
    @EnumSource
    void hasADetectorATestAndAPage(Kind kind) throws IOException {
        // Given
        Path page = Recordings.projectRoot().resolve("docs/detectors/" + kind.id() + ".md");
        // When
        List<String> lines = Files.exists(page) ? Files.readAllLines(page) : List.of();
        // Then
        assertThat(DETECTORS).containsKey(kind);
        assertThat(DETECTORS.get(kind)).allSatisfy(detector -> Class.forName(detector.getName() + "Test"));
        assertThat(lines).as("%s", page).isNotEmpty();
        assertThat(lines.get(0)).startsWith("# " + kind.id() + ":");
        assertThat(lines).filteredOn(line -> line.startsWith("## ")).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void everyRegisteredDetectorIsListedHere() {
        // When
        List<Class<?>> registered = Stream.concat(Detectors.PROCESS.stream(), Detectors.REQUEST.stream())
                .<Class<?>>map(Object::getClass)
                .toList();
        // Then
        assertThat(registered)
                .allMatch(detector ->
                        DETECTORS.values().stream().flatMap(List::stream).anyMatch(detector::equals));
    }

    @Test
    void everyPageIsAKinds() throws IOException {
        // Given
        Path folder = Recordings.projectRoot().resolve("docs/detectors");
        // When
        List<String> pages;
        try (Stream<Path> files = Files.list(folder)) {
            pages = files.map(file -> file.getFileName().toString().replaceFirst("\\.md$", ""))
                    .toList();
        }
        // Then
        assertThat(pages).filteredOn(page -> Kind.of(page).isEmpty()).isEmpty();
    }
}
