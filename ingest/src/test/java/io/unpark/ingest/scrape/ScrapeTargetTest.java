package io.unpark.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrapeTargetTest {
    @Test
    void withoutLabelsTheJobIsTheServiceAndTheAddressTheInstance() {
        ScrapeTarget target = ScrapeTarget.of("orders", "http", "10.0.0.7:6060", Map.of());

        assertThat(target.service()).isEqualTo("orders");
        assertThat(target.instance()).isEqualTo("10.0.0.7:6060");
        assertThat(target.namespace()).isEmpty();
        assertThat(target.uri("/debug/pprof/trace?seconds=1"))
                .hasToString("http://10.0.0.7:6060/debug/pprof/trace?seconds=1");
    }

    @Test
    void labelsSayWhoseItIs() {
        ScrapeTarget target = ScrapeTarget.of(
                "all",
                "http",
                "[2001:db8::1]:443",
                Map.of(
                        "service", "orders",
                        "job", "ignored",
                        "instance", "orders-1",
                        "namespace", "shop",
                        "version", "1.2",
                        "__scheme__", "https",
                        "__path_prefix__", "/internal/admin"));

        assertThat(target.service()).isEqualTo("orders");
        assertThat(target.instance()).isEqualTo("orders-1");
        assertThat(target.namespace()).isEqualTo("shop");
        assertThat(target.version()).isEqualTo("1.2");
        assertThat(target.uri("/debug/pprof/heap"))
                .hasToString("https://[2001:db8::1]:443/internal/admin/debug/pprof/heap");
    }

    @Test
    void theLabelJobIsTheServiceAsInPrometheus() {
        assertThat(ScrapeTarget.of("all", "http", "a:1", Map.of("job", "orders"))
                        .service())
                .isEqualTo("orders");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a/b",
                "a:99999",
                "a:0",
                "user:secret@a:1",
                "a?x",
                "a#x",
                "a b",
                "a:1\r\nHost: b",
                "http://a:1",
                "[::1",
                "a:x"
            })
    void whatIsNoAddressIsRefused(String address) {
        assertThatThrownBy(() -> ScrapeTarget.of("all", "http", address, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host:port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/a?b", "/a b", "a", "/../x?"})
    void aPrefixIsAPlainPath(String prefix) {
        assertThatThrownBy(() -> ScrapeTarget.of("all", "http", "a:1", Map.of("__path_prefix__", prefix)))
                .hasMessageContaining("__path_prefix__");
    }

    @Test
    void controlCharactersAreRefused() {
        assertThatThrownBy(() -> ScrapeTarget.of("all", "http", "a:1", Map.of("service", "a\nb")))
                .hasMessageContaining("label service");
    }
}
