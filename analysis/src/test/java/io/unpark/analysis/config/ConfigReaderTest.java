package io.unpark.analysis.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    @Test
    void withoutAFileAndVariablesTheDefaultsHold() {
        assertThat(ConfigReader.read(Map.of(), Map.of("PATH", "/bin"))).isEqualTo(AnalysisConfig.DEFAULTS);
    }

    @Test
    void theFileIsTakenAndVariablesWin() {
        // Given a file that sets three things, and a variable for one of them
        Map<String, Object> file = Map.of(
                "thresholds",
                Map.of("blocked_too_long", Map.of("limit", "1.5s"), "gc_pressure", Map.of("share_percent", 40)),
                "long_poll_routes",
                List.of("GET /events"));
        Map<String, String> environment = Map.of("UNPARK_THRESHOLDS_GC_PRESSURE_SHARE_PERCENT", "50");

        // When it is read
        AnalysisConfig config = ConfigReader.read(file, environment);

        // Then each has its value, and the rest its default
        assertThat(config.blockedRequestNs()).isEqualTo(1_500_000_000L);
        assertThat(config.gcSharePermille()).isEqualTo(500);
        assertThat(config.longPollRoutes()).containsExactly("GET /events");
        assertThat(config.leakMinWaitNs()).isEqualTo(AnalysisConfig.DEFAULTS.leakMinWaitNs());
        assertThat(config.hash()).isNotEqualTo(AnalysisConfig.DEFAULTS.hash());
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
        Map<String, Object> file = Map.of("thresholds", Map.of("blocked_to_long", Map.of("limit", "1s")));

        assertThatThrownBy(() -> ConfigReader.read(file, Map.of()))
                .isInstanceOf(ConfigReader.ConfigException.class)
                .hasMessage("unknown key 'thresholds.blocked_to_long.limit'; the nearest known one is"
                        + " 'thresholds.blocked_too_long.limit'");
    }

    @ParameterizedTest
    @CsvSource({
        "UNPARK_THRESHOLDS_BLOCKED_TOO_LONG_LIMIT, 250",
        "UNPARK_THRESHOLDS_BLOCKED_TOO_LONG_LIMIT, -1s",
        "UNPARK_THRESHOLDS_BLOCKED_TOO_LONG_LIMIT, 99999999999h",
        "UNPARK_THRESHOLDS_GC_PRESSURE_SHARE_PERCENT, 101",
        "UNPARK_THRESHOLDS_HEAP_GROWTH_MIN_GROWTH, 32",
        "UNPARK_THRESHOLDS_HEAP_GROWTH_MIN_GROWTH, 32MB",
        "UNPARK_THRESHOLDS_HEAP_GROWTH_MIN_GROWTH, 9999999999GiB",
        "UNPARK_THRESHOLDS_GOROUTINE_LEAK_PROFILE_MIN_PROFILES, 0",
        "UNPARK_THRESHOLDS_MUTEX_CONTENTION_MIN_WAITS, 0",
        "UNPARK_THRESHOLDS_MUTEX_CONTENTION_MIN_WAITS, many"
    })
    void aValueOfAnotherFormIsRefusedByName(String variable, String value) {
        assertThatThrownBy(() -> ConfigReader.read(Map.of(), Map.of(variable, value)))
                .isInstanceOf(ConfigReader.ConfigException.class)
                .hasMessageContaining(variable)
                .hasMessageContaining("'" + value + "'");
    }

    @Test
    void theNearestWordWins() {
        // Given: a limit for all, for a service, for its route, and for a route of any service
        Map<String, Object> orders = Map.of("limit", "500ms", "routes", Map.of("GET /report", Map.of("limit", "5s")));
        Map<String, Object> kind = Map.of(
                "limit", "300ms",
                "services", Map.of("orders", orders),
                "routes", Map.of("GET /events", Map.of("limit", "60s")));
        // When
        AnalysisConfig config = ConfigReader.read(Map.of("thresholds", Map.of("blocked_too_long", kind)), Map.of());
        // Then
        assertThat(limitMs(config, "gateway", "GET /")).isEqualTo(300);
        assertThat(limitMs(config, "orders", "")).isEqualTo(500);
        assertThat(limitMs(config, "orders", "GET /")).isEqualTo(500);
        assertThat(limitMs(config, "orders", "GET /report")).isEqualTo(5_000);
        assertThat(limitMs(config, "gateway", "GET /report")).isEqualTo(300);
        assertThat(limitMs(config, "orders", "GET /events")).isEqualTo(60_000);
        assertThat(config.scoped("orders", "GET /").hash()).isNotEqualTo(AnalysisConfig.DEFAULTS.hash());
    }

    private static long limitMs(AnalysisConfig config, String service, String route) {
        return config.scoped(service, route).blockedRequestNs() / 1_000_000;
    }

    @Test
    void namesMayHaveDots() {
        // Given
        Map<String, Object> services = Map.of("shop.orders", Map.of("limit", "2s"));
        // When
        AnalysisConfig config = ConfigReader.read(
                Map.of("thresholds", Map.of("blocked_too_long", Map.of("services", services))), Map.of());
        // Then
        assertThat(limitMs(config, "shop.orders", "")).isEqualTo(2_000);
        assertThat(limitMs(config, "shop", "")).isEqualTo(250);
    }

    @Test
    void aProcessKindHasNoRoutes() {
        // Given
        Map<String, Object> leak = Map.of("routes", Map.of("GET /", Map.of("min_wait", "2s")));
        // Then
        assertThatThrownBy(() -> ConfigReader.read(Map.of("thresholds", Map.of("goroutine_leak", leak)), Map.of()))
                .hasMessageContaining("judged for a whole process");
    }

    @Test
    void aMistakeUnderAServiceIsToldWithItsPath() {
        // Given
        Map<String, Object> services = Map.of("orders", Map.of("limt", "2s"));
        // Then
        assertThatThrownBy(() -> ConfigReader.read(
                        Map.of("thresholds", Map.of("blocked_too_long", Map.of("services", services))), Map.of()))
                .hasMessage("unknown key 'thresholds.blocked_too_long.services.orders.limt'; the nearest known one is"
                        + " 'thresholds.blocked_too_long.limit'");
    }

    @Test
    void everyValueTellsWhereItComesFrom() {
        // Given
        Map<String, Object> kind = Map.of("limit", "1500ms", "services", Map.of("orders", Map.of("limit", "2s")));
        Map<String, String> environment = Map.of("UNPARK_THRESHOLDS_STW_PAUSE_LIMIT", "20ms");
        // When
        var settled = Settled.all(Map.of("thresholds", Map.of("blocked_too_long", kind)), environment);
        // Then
        assertThat(settled)
                .contains(
                        new Settled("thresholds.blocked_too_long.limit", "", "1.5s", "file"),
                        new Settled("thresholds.blocked_too_long.limit", " for service orders", "2s", "file"),
                        new Settled("thresholds.stw_pause.limit", "", "20ms", "UNPARK_THRESHOLDS_STW_PAUSE_LIMIT"),
                        new Settled("thresholds.goroutine_leak.min_wait", "", "1.5s", "default"),
                        new Settled("thresholds.heap_growth.min_growth", "", "32MiB", "default"),
                        new Settled("user_packages", "", "none", "default"));
        assertThat(settled).hasSize(Setting.values().length + 1);
    }
}
