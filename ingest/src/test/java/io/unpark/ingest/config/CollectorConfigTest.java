package io.unpark.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.unpark.ingest.discovery.TargetGroup;
import io.unpark.ingest.discovery.TargetSource;
import io.unpark.ingest.scrape.Endpoint;
import io.unpark.ingest.scrape.ScrapeJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectorConfigTest {
    private static CollectorConfig read(String yaml) {
        try {
            return CollectorConfig.read(new ObjectMapper(new YAMLFactory()).readTree(yaml), Path.of("/etc/unpark"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyKeyIsUnderstood() {
        // When
        CollectorConfig config = read("""
                scrape_concurrency: 8
                state: /var/lib/unpark
                scrape_configs:
                  - job_name: shop
                    scrape_interval: 2m
                    scrape_timeout: 20s
                    scheme: https
                    jitter: 0.2
                    labels: {namespace: prod}
                    basic_auth: {username: me, password_file: secrets/password}
                    tls_config: {ca_file: ca.pem, cert_file: me.crt, key_file: me.key}
                    endpoints:
                      trace: {seconds: 2.5, path: /admin/trace}
                    static_configs:
                      - targets: ['a:6060']
                        labels: {service: orders}
                    file_sd_configs:
                      - files: ['targets/*.json']
                        refresh_interval: 1m
                    http_sd_configs:
                      - url: https://sd.example/targets
                        authorization: {credentials: token}
                spool: {folder: in, settle: 2s, cut_after: 30s, keep_done: 1d, namespace: prod}
                race_logs:
                  - {log_path: /var/log/races/orders, service: orders, instance: 'host-{pid}'}
                  - {files: [/var/log/stock/*.log], service: stock}
                """);

        // Then
        assertThat(config.scrapeConcurrency()).isEqualTo(8);
        assertThat(config.state()).contains(Path.of("/var/lib/unpark"));
        ScrapeJob job = config.jobs().get(0);
        assertThat(job.timeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(job.jitter()).isEqualTo(0.2);
        Endpoint trace = job.endpoints().get(0);
        assertThat(trace.every()).isEqualTo(Duration.ofMinutes(2));
        assertThat(trace.collecting()).isEqualTo(Duration.ofMillis(2_500));
        assertThat(trace.path()).isEqualTo("/admin/trace");
        assertThat(job.sources())
                .extracting(TargetSource::name)
                .containsExactly(
                        "static_configs", "file_sd /etc/unpark/targets/*.json", "http_sd https://sd.example/targets");
        assertThat(config.spool().orElseThrow().folder()).isEqualTo(Path.of("/etc/unpark/in"));
        assertThat(config.spool().orElseThrow().keepDone()).isEqualTo(Duration.ofDays(1));
        assertThat(config.raceLogs()).hasSize(2);
        assertThat(config.raceLogs().get(0).pidsOnly()).isTrue();
    }

    @Test
    void theDefaultIsFiveSecondsAMinute() {
        Endpoint trace = read("scrape_configs: [{job_name: a, static_configs: [{targets: ['b:1']}]}]")
                .jobs()
                .get(0)
                .endpoints()
                .get(0);

        assertThat(trace.every()).isEqualTo(Duration.ofMinutes(1));
        assertThat(trace.collecting()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "scrap: 1 | unknown key 'collector.scrap'",
                "scrape_configs: [{job_name: a}] | has no targets",
                "scrape_configs: [{static_configs: [{targets: ['b:1']}]}] | 'collector.scrape_configs[0].job_name': is missing",
                "scrape_configs: [{job_name: a, relabel_configs: [], static_configs: [{targets: ['b:1']}]}] | unknown key 'collector.scrape_configs[0].relabel_configs'",
                "scrape_configs: [{job_name: a, static_configs: [{targets: ['http://b:1/x']}]}] | host:port",
                "scrape_configs: [{job_name: a, scrape_interval: 3s, static_configs: [{targets: ['b:1']}]}] | longer than its interval",
                "scrape_configs: [{job_name: a, scrape_interval: 3, static_configs: [{targets: ['b:1']}]}] | a duration such as",
                "scrape_configs: [{job_name: a, endpoints: {cpu: {}}, static_configs: [{targets: ['b:1']}]}] | known are trace",
                "scrape_configs: [{job_name: a, jitter: 2, static_configs: [{targets: ['b:1']}]}] | a number from 0 to 0.5",
                "scrape_configs: [{job_name: a, basic_auth: {username: u}, static_configs: [{targets: ['b:1']}]}] | either password or password_file",
                "scrape_configs: [{job_name: a, tls_config: {cert_file: x}, static_configs: [{targets: ['b:1']}]}] | together or not at all",
                "scrape_configs: [{job_name: a, http_sd_configs: [{url: 'ftp://x'}]}] | an http or https URL",
                "spool: {} | 'collector.spool.folder': is missing",
                "race_logs: [{service: a}] | either log_path",
                "race_logs: {log_path: a} | a list is expected"
            })
    void mistakesAreNamed(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(CollectorConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theCommandLineAddsToTheFile() {
        CollectorConfig config = CollectorConfig.NONE.with(
                List.of(new TargetGroup(List.of("localhost:6060"), Map.of("service", "orders"))),
                Optional.empty(),
                List.of());

        assertThat(config.jobs())
                .singleElement()
                .satisfies(job -> assertThat(job.endpoints())
                        .singleElement()
                        .satisfies(it -> assertThat(it.name()).isEqualTo("trace")));
    }

    @Test
    void durationsAreThoseOfPrometheus() {
        assertThat(Durations.parse("1h30m")).contains(Duration.ofMinutes(90));
        assertThat(Durations.parse("1d")).contains(Duration.ofDays(1));
        assertThat(Durations.parse("250ms")).contains(Duration.ofMillis(250));
        assertThat(Durations.parse("1m5ms")).contains(Duration.ofMillis(60_005));
        assertThat(Durations.parse("5")).isEmpty();
        assertThat(Durations.parse("5 s")).isEmpty();
        assertThat(Durations.parse("")).isEmpty();
    }
}
