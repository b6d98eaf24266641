package io.unpark.analysis.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.analysis.Analysed;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.Recordings.Planted;
import io.unpark.analysis.Recordings.Spot;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Place;
import io.unpark.testkit.Corpus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was planted in the demo's services is found where it was planted, and nothing is found in the healthy ones. */
class DemoTest {

    static List<Recordings.Scenario> scenarios() {
        return Recordings.scenarios();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void everyPlantedFaultIsFoundAtItsPlace(Recordings.Scenario scenario) {
        // When
        Analysed.Result result = Analysed.of(scenario);
        // Then
        assertThat(result.detectorErrors()).isEmpty();
        for (Planted fault : scenario.planted()) {
            assertThat(result.anomalies())
                    .as("%s as %s", fault.fault(), fault.kind())
                    .anyMatch(anomaly -> names(anomaly, fault));
        }
    }

    @Test
    void nothingIsFoundInTheHealthyRecordings() {
        // Given
        Recordings.Scenario healthy = Recordings.scenario("healthy");
        // When
        Analysed.Result result = Analysed.of(healthy);
        // Then
        assertThat(healthy.planted()).isEmpty();
        assertThat(result.segments()).hasSizeGreaterThan(100);
        assertThat(result.anomalies()).isEmpty();
    }

    @Test
    void everyRecordingOfTheCorpusIsAnalysedWithoutADetectorsException() {
        // Given
        assumeTrue(Corpus.folder().isPresent(), Corpus.ABSENT);
        // When
        List<Analysed.Result> results = Analysed.corpus();
        // Then
        assertThat(results).isNotEmpty();
        assertThat(results)
                .allSatisfy(result -> assertThat(result.detectorErrors()).isEmpty());
    }

    private static boolean names(Anomaly anomaly, Planted fault) {
        return anomaly.kind().id().equals(fault.kind())
                && fault.spots().stream().anyMatch(spot -> names(anomaly, spot));
    }

    /** The function, and a line of it: a request's handler may be named by any line of its body. */
    private static boolean names(Anomaly anomaly, Spot spot) {
        Place place = anomaly.place();
        return anomaly.instance().service().equals(spot.service())
                && place.site().equals(spot.function())
                && place.file().endsWith(spot.file())
                && place.line() >= spot.firstLine()
                && place.line() <= spot.lastLine();
    }
}
