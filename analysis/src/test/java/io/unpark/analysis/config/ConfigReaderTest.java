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
        "UNPARK_THRESHOLDS_MUTEX_CONTENTION_MIN_WAITS, 0",
        "UNPARK_THRESHOLDS_MUTEX_CONTENTION_MIN_WAITS, many"
    })
    void aValueOfAnotherFormIsRefusedByName(String variable, String value) {
        assertThatThrownBy(() -> ConfigReader.read(Map.of(), Map.of(variable, value)))
                .isInstanceOf(ConfigReader.ConfigException.class)
                .hasMessageContaining(variable)
                .hasMessageContaining("'" + value + "'");
    }
}
