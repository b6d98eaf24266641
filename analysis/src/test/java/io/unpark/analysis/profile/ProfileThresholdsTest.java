package io.unpark.analysis.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.config.ConfigReader;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of profiles is a matter of thresholds, by service. */
class ProfileThresholdsTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long T0 = 1_795_000_000_000_000_000L;

    @ParameterizedTest
    @CsvSource({
        "goroutine_leak, profile_min_growth, 60, true",
        "goroutine_leak, profile_min_growth, 61, false",
        "goroutine_leak, profile_growth_percent, 300, true",
        "goroutine_leak, profile_growth_percent, 301, false",
        "goroutine_leak, profile_min_profiles, 4, true",
        "goroutine_leak, profile_min_profiles, 5, false",
        "goroutine_leak, profile_min_span, 60s, true",
        "goroutine_leak, profile_min_span, 61s, false",
        "heap_growth, min_growth, 60MiB, true",
        "heap_growth, min_growth, 61MiB, false",
        "heap_growth, profile_growth_percent, 300, true",
        "heap_growth, profile_growth_percent, 301, false",
        "heap_growth, profile_min_span, 60s, true",
        "heap_growth, profile_min_span, 61s, false"
    })
    void aThresholdOfTheServiceDecides(String kind, String name, String value, boolean told) {
        // Given: 20, 40, 60 and 80 goroutines and MiB within a minute, and a threshold for this service
        Desk desk = new Desk(config(kind, "orders", name, value));

        // When
        feed(desk);

        // Then
        String other = kind.equals("heap_growth") ? "goroutine_leak main.wait < " : "heap_growth main.keep < ";
        String judged = kind.equals("heap_growth") ? "heap_growth main.keep < " : "goroutine_leak main.wait < ";
        assertThat(desk.anomalies()).containsKey(other);
        assertThat(desk.anomalies().containsKey(judged)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({"goroutine_leak, profile_min_growth, 9999", "heap_growth, min_growth, 1GiB"})
    void aThresholdOfAnotherServiceIsNone(String kind, String name, String value) {
        Desk desk = new Desk(config(kind, "stock", name, value));

        feed(desk);

        assertThat(desk.anomalies()).containsOnlyKeys("heap_growth main.keep < ", "goroutine_leak main.wait < ");
    }

    @ParameterizedTest
    @CsvSource({"100, 5, false", "100, 6, true", "200, 6, false"})
    void ofManyProfilesHalfAsMuchIsEnough(int percent, int profiles, boolean told) {
        // Given: what grows by half as much again, from 100 MiB
        Desk desk = new Desk(config("heap_growth", "orders", "profile_growth_percent", "" + percent));

        for (int i = 0; i < profiles; i++) {
            desk.profile("h" + i, T0 + i * 20 * SECOND_NS, heap(100 + i * 50 / (profiles - 1)));
        }

        assertThat(!desk.anomalies().isEmpty()).isEqualTo(told);
    }

    private static AnalysisConfig config(String kind, String service, String name, String value) {
        return ConfigReader.read(
                Map.of("thresholds", Map.of(kind, Map.of("services", Map.of(service, Map.of(name, value))))), Map.of());
    }

    private static void feed(Desk desk) {
        for (int i = 0; i < 4; i++) {
            long takenNs = T0 + i * 20 * SECOND_NS;
            byte[] goroutines = new ProfileBytes("goroutine")
                    .sample(20 * (i + 1), "runtime.gopark", "runtime.chanrecv", "main.wait", "main.run")
                    .toBytes();
            desk.profile("g" + i, takenNs, goroutines);
            desk.profile("h" + i, takenNs, heap(20 * (i + 1)));
        }
    }

    private static byte[] heap(int mebibytes) {
        return new ProfileBytes("inuse_space")
                .sample((long) mebibytes << 20, "main.keep", "main.main")
                .toBytes();
    }
}
