package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigVerbTest {
    @TempDir
    private Path folder;

    @Test
    void showPrintsEveryValueWithItsSource() throws IOException {
        Path file = Files.writeString(folder.resolve("u.yaml"), """
                thresholds:
                  blocked_too_long:
                    limit: 400ms
                    services:
                      orders:
                        routes:
                          "GET /report": {limit: 5s}
                  heap_growth:
                    services:
                      cache: {min_growth: 1GiB}
                """);

        Cli run = Cli.run("config", "show", "--config", file);

        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines())
                .anyMatch(line -> line.matches("thresholds.blocked_too_long.limit +400ms +file"))
                .anyMatch(line -> line.matches(
                        "thresholds.blocked_too_long.limit for service orders for route GET /report +5s +file"))
                .anyMatch(line -> line.matches("thresholds.heap_growth.min_growth for service cache +1GiB +file"))
                .anyMatch(line -> line.matches("thresholds.goroutine_leak.min_wait +1.5s +default"));
    }

    @Test
    void checkTellsTheFirstMistake() throws IOException {
        Path file = Files.writeString(folder.resolve("u.yaml"), "thresholds: {stw_pause: {limits: 1s}}");

        Cli run = Cli.run("config", "check", "--config", file);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("u.yaml", "'thresholds.stw_pause.limits'", "'thresholds.stw_pause.limit'");
    }

    @Test
    void checkOfAGoodFileSaysSo() throws IOException {
        Path file = Files.writeString(folder.resolve("u.yaml"), "long_poll_routes: [GET /events]");

        Cli run = Cli.run("config", "check", "--config", file);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("no mistakes", "1 values differ");
    }

    @Test
    void whatTheCollectorIsToldIsCheckedToo() throws IOException {
        Path good = Files.writeString(folder.resolve("good.yaml"), """
                collector:
                  scrape_configs:
                    - job_name: shop
                      static_configs: [{targets: ['localhost:6060']}]
                """);
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "collector: {scrape_configs: [{job_nam: shop}]}");

        assertThat(Cli.run("config", "check", "--config", good).exitCode()).isZero();
        Cli run = Cli.run("config", "check", "--config", bad);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("bad.yaml", "collector.scrape_configs[0]");
    }

    @Test
    void whoIsToldIsCheckedToo() throws IOException {
        Path good = Files.writeString(folder.resolve("good.yaml"), """
                notify:
                  receivers:
                    - {name: am, type: alertmanager, url: 'http://localhost:9093'}
                """);
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "notify: {receivers: [{name: am, typ: webhook}]}");

        assertThat(Cli.run("config", "check", "--config", good).exitCode()).isZero();
        Cli run = Cli.run("config", "check", "--config", bad);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("bad.yaml", "notify.receivers[0].typ");
    }
}
