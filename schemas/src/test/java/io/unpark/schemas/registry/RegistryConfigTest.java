package io.unpark.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegistryConfigTest {
    private static final String SECRET = "s3cret";

    @Test
    void severalAddressesAndDefaults() {
        RegistryConfig config = RegistryConfig.of("http://a:8081/, https://b/apis/ccompat/v7");

        assertThat(config.urls()).containsExactly(URI.create("http://a:8081"), URI.create("https://b/apis/ccompat/v7"));
        assertThat(config.autoRegister()).isTrue();
        assertThat(config.userInfo()).isEmpty();
    }

    @Test
    void credentialsComeFromTheAddressOrFromTheirOwnSetting() {
        RegistryConfig byUrl = RegistryConfig.of("http://me:" + SECRET + "@a:8081");
        RegistryConfig bySetting = RegistryConfig.from(Map.of(
                RegistryConfig.URL, "http://a:8081",
                RegistryConfig.CREDENTIALS_SOURCE, "USER_INFO",
                RegistryConfig.USER_INFO, new Password("me:" + SECRET)));

        assertThat(byUrl).isEqualTo(bySetting);
        assertThat(byUrl.userInfo()).contains("me:" + SECRET);
        assertThat(byUrl.toString()).doesNotContain(SECRET).contains("with credentials");
        assertThat(byUrl.urls().toString()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "schema.registry.url, ''",
        "schema.registry.url, ftp://me:s3cret@a",
        "schema.registry.url, http://me:s3cret@a b",
        "schema.registry.url, http:///path",
        "auto.register.schemas, yes",
        "basic.auth.credentials.source, s3cret",
        "basic.auth.credentials.source, USER_INFO",
        "max.retries, -1",
        "http.read.timeout.ms, 99999999999"
    })
    void aWrongValueIsNamedWithoutRepeatingIt(String name, String value) {
        Map<String, String> configs = name.equals(RegistryConfig.URL)
                ? Map.of(name, value)
                : Map.of(RegistryConfig.URL, "http://a", name, value);

        assertThatThrownBy(() -> RegistryConfig.from(configs))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(name)
                .hasMessageNotContaining(SECRET);
    }
}
