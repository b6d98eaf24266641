package io.unpark.analysis.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.fault.DetectorFault;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RaceReport;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.place.UserCode;
import io.unpark.analysis.race.RaceDetector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailingJoinerTest {
    private final DetectorFaults faults = new DetectorFaults();

    @Test
    void aJoinerThatFailsOnASetTakesBackWhatItSaidOfAPartOfIt() {
        // Given a joiner that understands what comes first only
        JoinDetector joiner = (segments, rules, revision) -> {
            if (segments.size() > 2) {
                throw new UnsupportedOperationException("three of them");
            }
            return JoinDetector.STANDARD.judge(segments, rules, revision);
        };
        RequestSet set = new RequestSet(RequestRules.of(AnalysisConfig.DEFAULTS), joiner, faults);
        List<RequestSegment> segments =
                List.of(Segments.orders().build(), Segments.gateway(Segments.call(150, 0, false)));
        List<Finding> said = segments.stream()
                .flatMap(segment -> set.change(segment).stream())
                .toList();
        assertThat(said).isNotEmpty().noneMatch(Finding::withdrawn);

        // When the set grows beyond it
        List<Finding> changes = set.change(Segments.orders("c0", "c1").build());

        // Then nothing stands, as if the three had come in any other order
        assertThat(changes)
                .extracting(Finding::findingId)
                .isEqualTo(said.stream().map(Finding::findingId).toList());
        assertThat(changes).allMatch(Finding::withdrawn);
        assertThat(faults.list()).extracting(DetectorFault::detector).containsExactly(JoinDetector.NAME);
        assertThat(set.standing()).isEmpty();
    }

    @Test
    void aReportOnWhichTheDetectorFailsCostsItself() {
        RaceDetector broken = (report, userCode, hash) -> {
            throw new IndexOutOfBoundsException(report.id());
        };
        RaceReport report = new RaceReport("r1", Samples.instance("i"), "in", 0, List.of(), List.of(), "");

        Optional<Finding> finding = broken.guarded(report, UserCode.standard(), "cfg", faults);

        assertThat(finding).isEmpty();
        assertThat(faults.list())
                .singleElement()
                .satisfies(fault -> assertThat(fault.toString())
                        .startsWith("data_race failed once: IndexOutOfBoundsException: r1"));
    }
}
