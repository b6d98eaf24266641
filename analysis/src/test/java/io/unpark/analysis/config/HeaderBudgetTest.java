package io.unpark.analysis.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderBudgetTest {
    @ParameterizedTest
    @CsvSource({
        "grpc-timeout, 150m, 150000000",
        "Grpc-Timeout, 99999999H, 9223372036854775807",
        "grpc-timeout, 2M, 120000000000",
        "grpc-timeout, 3S, 3000000000",
        "grpc-timeout, 7u, 7000",
        "grpc-timeout, 7n, 7",
        "X-Envoy-Expected-Rq-Timeout-Ms, 250, 250000000",
        "Request-Timeout, 1.5s, 1500000000",
        "Request-Timeout, 1h2m3s, 3723000000000",
        "Request-Timeout, .5ms, 500000",
        "Request-Timeout, 0, 0",
        "X-Request-Timeout, 250, 250000000",
        "X-Request-Timeout, 250us, 250000",
        "x-budget, 40, 40000000",
        "x-budget, 999999999999999999, 9223372036854775807"
    })
    void isReadAsTheAgentReadsIt(String header, String value, long ns) {
        assertThat(HeaderBudget.ns(header, value)).isEqualTo(ns);
    }

    @ParameterizedTest
    @CsvSource({
        "grpc-timeout, 123456789m",
        "grpc-timeout, 150",
        "grpc-timeout, 150s",
        "grpc-timeout, -1m",
        "grpc-timeout, ''",
        "X-Envoy-Expected-Rq-Timeout-Ms, 0",
        "X-Envoy-Expected-Rq-Timeout-Ms, 1s",
        "Request-Timeout, 250",
        "Request-Timeout, -1s",
        "Request-Timeout, 1s2",
        "Request-Timeout, .s",
        "X-Request-Timeout, soon"
    })
    void whatIsOfAnotherFormIsNoBudget(String header, String value) {
        assertThat(HeaderBudget.ns(header, value)).isEqualTo(HeaderBudget.NONE);
    }

    @Test
    void aLongValueIsNoBudget() {
        assertThat(HeaderBudget.ns("Request-Timeout", "1".repeat(5_000) + "s")).isEqualTo(HeaderBudget.NONE);
    }
}
