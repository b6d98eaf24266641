package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules, dashboards and example configurations, by the tools that they are for. */
class MonitoringTest {
    private static final Path MONITORING = ProjectRoot.folder().resolve("infra/monitoring");

    @ParameterizedTest
    @CsvSource({
        "promtool, check rules unpark.rules.yml",
        "promtool, test rules unpark.rules.test.yml",
        "promtool, check config prometheus.yml",
        "amtool, check-config alertmanager.yml",
        "python3, grafana/dashboards.py --check"
    })
    void isGood(String program, String words) {
        Optional<Tool> tool = Tool.of(program);
        assumeTrue(tool.isPresent(), "needs " + program);

        assertThat(tool.get().run(MONITORING, "", words.split(" "))).endsWith("exit code 0");
    }
}
