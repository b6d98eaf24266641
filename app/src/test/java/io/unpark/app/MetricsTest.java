package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.unpark.app.MetricsPage.Metric;
import io.unpark.app.demo.Recordings.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the roles export, against the page that documents it, the dashboards and the alert rules. */
class MetricsTest {
    private static final Path MONITORING = ProjectRoot.folder().resolve("infra/monitoring");
    private static final Pattern NAME = Pattern.compile("\\b(?:unpark|jvm|process|system)_\\w+");

    @TempDir
    private static Path folder;

    private static MetricRoles roles;
    private static final Map<String, Map<String, Metric>> EXPORTED = new TreeMap<>();

    @BeforeAll
    static void startAllRolesAndSendTraffic() throws Exception {
        roles = new MetricRoles(folder);
        for (Recording trace : Feed.demo("leak").scenarios().get(0).traces()) {
            assertThat(roles.push(trace.service(), Files.readAllBytes(trace.file())))
                    .isEqualTo(202);
        }
        assertThat(roles.push("orders", "no trace".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(400);
        await().atMost(MetricRoles.LIMIT).untilAsserted(() -> {
            assertThat(roles.metrics("sink")).contains("unpark_sink_open_anomalies{");
            assertThat(roles.metrics("stream")).contains("unpark_stream_lag{", "unpark_stream_store_bytes{");
        });
        for (String role : MetricRoles.NAMES) {
            EXPORTED.put(role, MetricsPage.exported(roles.metrics(role)));
        }
    }

    @AfterAll
    static void stop() {
        roles.close();
    }

    @Test
    void whatIsExportedIsDocumentedAndTheOtherWayRound() throws IOException {
        Map<String, Metric> documented = MetricsPage.documented();

        EXPORTED.forEach((role, metrics) -> {
            Set<Metric> expected = documented.values().stream()
                    .filter(it -> it.isOf(role))
                    .filter(it -> !it.sometimes() || metrics.containsKey(it.name()))
                    .map(Metric::comparable)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<Metric> actual =
                    metrics.values().stream().map(Metric::comparable).collect(Collectors.toCollection(TreeSet::new));
            assertThat(actual).as("metrics of %s", role).isEqualTo(expected);
        });
    }

    @Test
    void everyMetricIsExplained() throws Exception {
        for (String role : MetricRoles.NAMES) {
            assertThat(roles.metrics(role).lines().filter(it -> it.matches("# HELP unpark_\\S+ *")))
                    .as("without help: %s", role)
                    .isEmpty();
        }
    }

    @Test
    void dashboardsAndRulesNameOnlyWhatIsExported() throws IOException {
        Set<String> exported = EXPORTED.values().stream()
                .flatMap(it -> it.values().stream())
                .flatMap(Metric::series)
                .collect(Collectors.toSet());
        MetricsPage.documented().values().stream()
                .filter(Metric::sometimes)
                .flatMap(Metric::series)
                .forEach(exported::add);

        List<String> expressions = expressions();

        assertThat(expressions).hasSizeGreaterThan(40);
        for (String expression : expressions) {
            Matcher names = NAME.matcher(expression.replaceAll("\"[^\"]*\"", "\"\""));
            while (names.find()) {
                assertThat(exported).as(expression).contains(names.group());
            }
        }
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        try (Stream<Path> files = Files.list(MONITORING.resolve("grafana/dashboards"))) {
            for (Path file : files.toList()) {
                new ObjectMapper()
                        .readTree(file.toFile())
                        .findValues("expr")
                        .forEach(it -> expressions.add(it.asText()));
            }
        }
        JsonNode rules = new ObjectMapper(new YAMLFactory())
                .readTree(MONITORING.resolve("unpark.rules.yml").toFile());
        rules.findValues("expr").forEach(it -> expressions.add(it.asText()));
        return expressions;
    }

    @Test
    void prometheusUnderstandsThem() throws Exception {
        Tool.of("promtool").ifPresent(promtool -> {
            for (String role : MetricRoles.NAMES) {
                assertThat(promtool.run(MONITORING, roles.metrics(role), "check", "metrics"))
                        .as(role)
                        // What Micrometer calls its own meters is not ours to mend.
                        .doesNotContain("error", "unpark_");
            }
        });
    }
}
