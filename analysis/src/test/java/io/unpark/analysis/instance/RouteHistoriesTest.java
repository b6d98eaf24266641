package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.config.AnalysisConfig;
import org.junit.jupiter.api.Test;

class RouteHistoriesTest {
    private static final long MS = 1_000_000L;
    private static final AnalysisConfig CONFIG = AnalysisConfig.DEFAULTS;

    private static RouteHistories usual(int requests, long ns) {
        RouteHistories routes = new RouteHistories();
        for (int i = 0; i < requests; i++) {
            routes.add("GET /a", ns);
        }
        return routes;
    }

    @Test
    void isSilentUntilEnoughAreKnown() {
        // When
        SlowVerdict verdict = usual(199, 5 * MS).judge("GET /a", 10_000 * MS, CONFIG);
        // Then
        assertThat(verdict.slow()).isFalse();
        assertThat(verdict.usualP99Ns()).isZero();
        assertThat(verdict.among()).isEqualTo(199);
    }

    @Test
    void farBeyondTheUsualIsSlow() {
        // Given
        RouteHistories routes = usual(200, 30 * MS);
        // Then
        assertThat(routes.judge("GET /a", 150 * MS, CONFIG).slow()).isTrue();
        assertThat(routes.judge("GET /a", 80 * MS, CONFIG).slow()).isFalse();
        assertThat(routes.judge("GET /b", 150 * MS, CONFIG).slow()).isFalse();
    }

    @Test
    void aShortRequestIsNeverSlow() {
        // Given
        RouteHistories routes = usual(500, MS / 10);
        // Then
        assertThat(routes.judge("GET /a", 49 * MS, CONFIG).slow()).isFalse();
        assertThat(routes.judge("GET /a", 51 * MS, CONFIG).slow()).isTrue();
    }

    @Test
    void whatTwoInAHundredDoIsUsual() {
        // Given
        RouteHistories routes = usual(980, 5 * MS);
        for (int i = 0; i < 20; i++) {
            routes.add("GET /a", 400 * MS);
        }
        // When
        SlowVerdict verdict = routes.judge("GET /a", 420 * MS, CONFIG);
        // Then
        assertThat(verdict.slow()).isFalse();
        assertThat(verdict.usualP99Ns()).isBetween(400 * MS, 450 * MS);
    }

    @Test
    void whatIsOldFades() {
        // Given
        RouteHistories routes = usual(20_000, 5 * MS);
        // When
        routes.fade();
        // Then
        assertThat(routes.judge("GET /a", 0, CONFIG).among()).isEqualTo(10_000);
    }

    @Test
    void aBucketsEndIsAboveAllThatItCounts() {
        for (long ns = 1; ns < 1L << 42; ns = ns * 5 / 3 + 1) {
            assertThat(RouteHistories.endNs(RouteHistories.bucket(ns)))
                    .isGreaterThan(ns)
                    .isLessThan(2_000 + ns * 9 / 8 + 1);
        }
    }
}
